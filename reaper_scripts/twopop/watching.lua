-- A small window that watches jobs until all are over: for actions that ask without the panel. It closes by itself when
-- everything went well, and stays to say what did not.
local finishing = require "twopop.finishing"
local job = require "twopop.panel.job"
local say = require "twopop.say"
local session = require "twopop.session"
local window = require "twopop.window"

local watching = {}

local LINGER = 1.5 -- seconds that a good end is shown

local function all(entries, state)
  for _, entry in ipairs(entries) do
    if entry.state ~= state then return false end
  end
  return true
end

local function draw_entry(kit, talk, entry, number, count)
  if count > 1 then kit:text(("Cue %d of %d"):format(number, count), "title") end
  if job.draw_running(kit, talk, entry) then return end
  if entry.problem then kit:text(say.problem(entry.problem), "bad") end
  job.draw_result(kit, entry)
end

--- Asks for the entries and shows how far they are.
function watching.run(reaper, gfx, title, entries)
  local kit = window.open(reaper, gfx, { title = title, width = 460, height = 220, plain = true })
  local talk = session.new(reaper, { finish = finishing })
  for _, entry in ipairs(entries) do talk:add(entry) end
  local since, closing
  window.run(reaper, {
    kit = kit,
    draw = function(widgets)
      job.draw_state(widgets, talk)
      for number, entry in ipairs(entries) do draw_entry(widgets, talk, entry, number, #entries) end
      if not talk:busy() and widgets:button("Close") or widgets:key("escape") then closing = true end
    end,
    tick = function()
      talk:tick()
      local good = all(entries, "done") or all(entries, "cancelled")
      since = good and (since or reaper.time_precise()) or nil
    end,
    over = function() return closing or since and reaper.time_precise() - since > LINGER end,
    finish = function() talk:close() end,
  })
end

return watching
