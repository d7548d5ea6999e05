-- The panel's part about what was made for this project before: every cue that the project remembers.
local memory = require "twopop.memory"
local opening = require "twopop.opening"
local say = require "twopop.say"

local history = {}

local MOST = 20
local AGAIN = 1.0 -- seconds between two looks at what the project remembers
local OWN = { "text", "hits", "reference", "host_tempo", "base", "redo", "audition" } -- others say these

local function line(record)
  local text = record.request and record.range and say.range(record.range) or ""
  return ("%s  %s  %s"):format(record.job, record.state or "", text)
end

-- Fills the panel with what a cue was asked with.
local function restore(panel, record)
  local form, state = panel.form, panel.state
  if not form then return end
  local values, text = {}, ""
  for _, pair in ipairs(record.request.controls) do
    if pair[1] == "text" then text = pair[2] end
    values[pair[1]] = pair[2]
  end
  form:restore(values)
  for _, name in ipairs(OWN) do form:set(name, nil) end
  state.text = text
end
history.restore = restore

local function draw_actions(reaper, kit, panel, record)
  if record.request and kit:button("Restore its settings") then restore(panel, record) end
  if (record.folder or "") ~= "" then
    kit:same_line()
    if kit:button("Its cue sheet") then
      local fine, problem = opening.cue_sheet(reaper, record.folder)
      panel.state.problem = not fine and problem or nil
    end
  end
end

-- The project's cues, looked up now and then: reading them takes longer than drawing them.
local function records_of(reaper, state)
  local now = reaper.time_precise()
  local known = state.history
  if not known or known.project ~= state.project or now - known.at > AGAIN then
    state.read = state.read or {}
    local records = memory.jobs(reaper, state.project, MOST, state.read)
    state.history = { project = state.project, at = now, records = records }
    state.looked = true -- enough for this turn
  end
  return state.history.records
end

--- Draws the cues of the current project, the latest first; what is picked can be restored.
function history.draw(reaper, kit, panel)
  local state = panel.state
  local records = records_of(reaper, state)
  if #records == 0 then return kit:text("Nothing was scored in this project yet.", "dim") end
  for place = #records, 1, -1 do
    local record = records[place]
    local on = state.picked == record.job
    if kit:row(line(record), on) then state.picked = not on and record.job or nil end
    if on then draw_actions(reaper, kit, panel, record) end
  end
end

return history
