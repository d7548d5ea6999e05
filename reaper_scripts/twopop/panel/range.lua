-- The panel's part about where: the range with its timecode, what was snapped, and the picture found under it.
local files = require "twopop.files"
local rates = require "twopop.rates"
local say = require "twopop.say"
local selection = require "twopop.selection"
local slices = require "twopop.slices"

local range = {}

local AGAIN = 1.0 -- seconds between two looks at what lies under the range

-- What tells one time selection from another: changes of it are seen at once.
local function mark(reaper, project)
  local start, stop = reaper.GetSet_LoopTimeRange2(project, false, false, 0, 0, false)
  return ("%s %.9f %.9f"):format(tostring(project), start, stop), start, stop
end

-- A look that has begun: a long range takes some turns, in which nothing of it may change.
local function look(reaper, project)
  local found, start, stop = mark(reaper, project)
  return {
    project = project, mark = found, edges = { start, stop }, count = reaper.GetProjectStateChangeCount(project),
    go_on = slices.of(selection.read, reaper, project),
  }
end

local function is_stale(reaper, looking, project, found)
  return looking.mark ~= found or looking.count ~= reaper.GetProjectStateChangeCount(project)
end

--- Reads the selection of the current tab, when it may have changed: into `state.selection`, or `state.range_problem`.
--- A part of it each turn, from the beginning where the project changed meanwhile.
function range.read(reaper, state, now)
  local project = reaper.EnumProjects(-1)
  local found = mark(reaper, project)
  local looking = state.looking
  if not looking and found == state.mark and now - (state.read_at or -math.huge) < AGAIN then return end
  if not looking or is_stale(reaper, looking, project, found) then looking = look(reaper, project) end
  state.looking, state.project = looking, project
  local done, selected, problem = looking.go_on()
  if not done then return end
  state.looking, state.mark, state.read_at, state.edges = nil, looking.mark, now, looking.edges
  state.selection, state.range_problem = selected, problem
end

-- By how many frames the edges of the time selection were moved to whole frames; "" when they were not.
local function snapped(selected, edges)
  local rate, parts = selected.rate, {}
  for place, frame in ipairs({ selected.first, selected.stop }) do
    local moved = frame - rates.frames(edges[place], rate)
    local edge = place == 1 and "in" or "out"
    if math.abs(moved) > 0.005 then parts[#parts + 1] = ("%s %+.2f frames"):format(edge, moved) end
  end
  return #parts > 0 and "snapped: " .. table.concat(parts, ", ") or ""
end

local function clip_text(clip)
  local name, extras = files.name(clip.path), {}
  if clip.speed ~= 1 then extras[#extras + 1] = ("speed %.3g"):format(clip.speed) end
  if clip.reversed then extras[#extras + 1] = "reversed" end
  return #extras > 0 and ("%s (%s)"):format(name, table.concat(extras, ", ")) or name
end

local function draw_picture(kit, clips)
  if #clips == 0 then return kit:text("No picture: write into the description what to score.", "bad") end
  local names = {}
  for place = 1, math.min(#clips, 4) do names[place] = clip_text(clips[place]) end
  if #clips > 4 then names[5] = ("and %d more"):format(#clips - 4) end
  kit:text(("Picture: %s"):format(table.concat(names, ", ")), "good")
end

--- Draws the range, counted as the project's ruler does.
function range.draw(kit, state)
  if not state.selection then
    local problem = state.range_problem
    if problem then kit:text(problem.text .. " " .. (problem.remedy or ""), "bad") end
    return
  end
  kit:text(say.range(state.selection, state.selection.label_offset))
  local moved = snapped(state.selection, state.edges)
  if moved ~= "" then kit:text(moved, "dim") end
  draw_picture(kit, state.selection.clips)
end

return range
