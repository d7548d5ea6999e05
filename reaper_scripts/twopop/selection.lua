-- What the user asks for: the time selection on the project's own frames, and the picture in it.
local rates = require "twopop.rates"
local slices = require "twopop.slices"
local sources = require "twopop.sources"

local selection = {}

local NEAR = 0.01 -- frames by which a border may miss one without its being worth a word

local function problem(code, text, remedy)
  return { code = code, text = text, remedy = remedy }
end

-- A stretch of seconds as a clip, in frames from the range's first.
local function clip(stretch, first, rate)
  local at = rates.frames(stretch.start, rate) - first
  return {
    path = stretch.path, at = at, length = rates.frames(stretch.stop, rate) - first - at,
    source_start = stretch.begin, speed = stretch.speed, reversed = stretch.reversed, still = stretch.still,
  }
end

-- The clips of a range of frames; nil when there are too many to be told.
local function clips(reaper, project, first, stop, rate)
  local list = {}
  local seen = sources.seen(reaper, project, rates.seconds_at(first, rate), rates.seconds_at(stop, rate))
  if not seen then return nil end
  for place, stretch in ipairs(seen) do
    list[place] = clip(stretch, first, rate)
    slices.rest()
  end
  return list
end

-- The project's markers inside the range, by project frame.
local function markers(reaper, project, first, stop, rate)
  local list = {}
  for number = 0, reaper.CountProjectMarkers(project) - 1 do
    slices.rest()
    local _, is_region, position, _, name = reaper.EnumProjectMarkers3(project, number)
    local frame = rates.frame_at(position, rate)
    if not is_region and frame >= first and frame < stop then list[#list + 1] = { frame = frame, name = name } end
  end
  return list
end

--- The rate of a project.
function selection.rate(reaper, project)
  return rates.of(reaper.TimeMap_curFrameRate(project))
end

--- What is selected in a project, or a problem; read in parts where the caller goes on with it, see `slices`:
--- {project, rate, first, stop, snapped, label_offset, clips, markers}.
--- `first` and `stop` are frames from the project's beginning; the project's start offset only changes labels.
function selection.read(reaper, project)
  local start, stop = reaper.GetSet_LoopTimeRange2(project, false, false, 0, 0, false)
  if stop <= start then
    return nil, problem("no_selection", "There is no time selection.", "Drag over the ruler to select the scene.")
  end
  local rate = selection.rate(reaper, project)
  local first, last = math.max(0, rates.frame_at(start, rate)), rates.frame_at(stop, rate)
  if last <= first then
    return nil, problem("short_selection", "The time selection is shorter than a frame.", "Select a longer stretch.")
  end
  local found = clips(reaper, project, first, last, rate)
  if not found then
    return nil, problem("many_clips", "The picture in the range has too many cuts.", "Select a shorter range.")
  end
  local function off(seconds, frame) return math.abs(rates.frames(seconds, rate) - frame) > NEAR end
  return {
    project = project, rate = rate, first = first, stop = last, snapped = off(start, first) or off(stop, last),
    label_offset = rates.frame_at(reaper.GetProjectTimeOffset(project, false), rate),
    clips = found,
    markers = markers(reaper, project, first, last, rate),
  }
end

return selection
