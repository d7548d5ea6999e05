-- A cue's tempo map and notes in the project. Notes lie on beats, not on seconds: they are only in time where the
-- project's beats are the cue's, because the cue followed the project or because its tempo map is put in.
local card = require "twopop.card"
local laying = require "twopop.laying"
local rates = require "twopop.rates"
local tempo = require "twopop.tempo"

local notation = {}

local function follows(request)
  for _, pair in ipairs(request.controls or {}) do
    if pair[1] == "host_tempo" and pair[2] ~= "" then return true end
  end
  return false
end

-- Seconds from the cue's beginning to its first bar line behind it, be it a pick-up's or a whole bar's; and the quarter
-- notes until there. It may lie beyond the cue's end.
local function bar_line(points)
  local bar, gone = points[1].beats * 4 / points[1].unit, 0.0
  for number, point in ipairs(points) do
    local at, after = tempo.seconds_of(point.offset), points[number + 1]
    local size = after and (tempo.seconds_of(after.offset) - at) * point.bpm / 60 or math.huge
    if gone + size >= bar then return at + (bar - gone) * 60 / point.bpm, bar end
    gone = gone + size
    if after.beats > 0 then return tempo.seconds_of(after.offset), gone end -- the bar was cut short
  end
end

-- Where the notes of a cue that followed the project begin, in seconds: the cue's pick-up is counted in 64ths, so that
-- its beginning may lie a little beside the range's for its bar lines to be the project's.
local function beginning(reaper, project, points, start)
  local at, quarters = bar_line(points)
  local line = reaper.TimeMap2_timeToQN(project, start + at)
  return math.max(0, reaper.TimeMap2_QNToTime(project, line - quarters))
end

local function insert(reaper, target, points, options, notes)
  local range = target.range
  local start, stop = rates.seconds_at(range.first, range.rate), rates.seconds_at(range.stop, range.rate)
  if not tempo.insert(reaper, target.project, points, start, stop) then
    table.insert(notes, "The project has tempo markers in the range; the cue's tempo map was left out.")
    return nil
  end
  if not options.tempo_map then table.insert(notes, "The cue's tempo map was put in: its MIDI needs it.") end
  return start
end

--- Whether a cue's tempo map is needed, and with it the take's card.
function notation.wanted(options)
  return options.tempo_map or options.midi or false
end

--- Puts the cue's tempo map into the project where it was asked for or its notes need it; adds to `notes` what was done
--- otherwise. The second at which notes begin; nil where they were not asked for, or would not be in time.
function notation.tempo(reaper, target, found, options, notes)
  if not notation.wanted(options) then return nil end
  local points, start = card.tempo_points(found, 0), nil
  if not points then
    table.insert(notes, "The take has no tempo map.")
  elseif follows(target.request) then
    start = beginning(reaper, target.project, points, rates.seconds_at(target.range.first, target.range.rate))
  else
    start = insert(reaper, target, points, options, notes)
  end
  if options.midi and not start then table.insert(notes, "The MIDI was left out: it would not be in time.") end
  return options.midi and start or nil
end

--- The notes of a stem on a track, from `start` seconds on; nothing where nobody plays.
function notation.add(reaper, folder, stem, track, start)
  local path = card.midi(folder, stem)
  local source = reaper.file_exists(path) and reaper.PCM_Source_CreateFromFile(path)
  if not source then return end
  local item = laying.item(reaper, track, start, stem.samples / stem.sample_rate)
  reaper.SetActiveTake(laying.take(reaper, item, source, stem.name .. " MIDI"))
end

return notation
