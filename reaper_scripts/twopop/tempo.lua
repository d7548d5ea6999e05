-- The project's tempo map for the server: a list of bar lines, each with the tempo from there.
--
-- The server's tempo changes in steps on bar lines. Bars are put together into runs of one tempo as long as every bar
-- line in a run stays within LINE of where the project has it; a bar whose tempo bends has its mean. Where such a list
-- is too long for a message, bar lines may move by a quarter of a frame.
local rates = require "twopop.rates"
local slices = require "twopop.slices"

local tempo = {}

local MOST = 5000 -- characters of a list that the server takes
local BARS = 20000 -- of a range
local LEAST, HIGHEST = 20, 400 -- quarter notes a minute that the server takes
local UNITS = { [2] = true, [4] = true, [8] = true, [16] = true }
local LINE = 0.0005 -- seconds by which a bar line may be missed where there is room to say it
local TINY = 1e-6 -- seconds, or quarter notes, that are none

local function problem(code, text, remedy)
  return { code = code, text = text, remedy = remedy }
end

local LONG = problem(
  "tempo_long", "The project's tempo changes too often to be sent.",
  "Select a shorter range, or do not follow the project's tempo.")

-- A bar line: its instant, quarter notes since the project's beginning, and its meter.
local function bar_line(reaper, project, measure)
  local at = reaper.TimeMap2_beatsToTime(project, 0, measure)
  local beats, unit = reaper.TimeMap_GetTimeSigAtTime(project, at + TINY)
  return { at = at, quarter = reaper.TimeMap2_timeToQN(project, at), beats = beats, unit = unit }
end

-- Bar lines from the one at or before `start` to the first at or behind `stop`; nil when there are too many.
local function bar_lines(reaper, project, start, stop)
  local lines, measure = {}, select(2, reaper.TimeMap2_timeToBeats(project, start + TINY)) or 0
  while #lines < BARS do
    slices.rest()
    local line = bar_line(reaper, project, measure + #lines)
    lines[#lines + 1] = line
    if line.at >= stop - TINY then return lines end
  end
  return nil
end

local function is_whole(line, after)
  return math.abs(after.quarter - line.quarter - line.beats * 4 / line.unit) < 1e-4
end

-- Microseconds of a quarter note between two bar lines, as whole as the server keeps them.
local function micros(line, after)
  return rates.round((after.at - line.at) * 1e6 / (after.quarter - line.quarter))
end

-- The number of the bar line up to which one tempo from `first` on keeps all bar lines within `reach` seconds.
local function run_end(lines, first, reach)
  local line, slowest, fastest, last = lines[first], math.huge, 0, first + 1
  for number = first + 1, #lines do
    local other = lines[number]
    local gone, quarters = (other.at - line.at) * 1e6, other.quarter - line.quarter
    slowest = math.min(slowest, (gone + reach * 1e6) / quarters)
    fastest = math.max(fastest, (gone - reach * 1e6) / quarters)
    if fastest > slowest then break end
    local one = micros(line, other)
    if one >= fastest and one <= slowest then last = number end
    local same = other.beats == line.beats and other.unit == line.unit
    if not same or not is_whole(lines[number - 1], other) then break end
  end
  return last
end

-- A cut bar is a run of its own: the bar line behind it has to be said.
local function runs(lines, reach)
  local list, number = {}, 1
  while number < #lines do
    slices.rest()
    local last = is_whole(lines[number], lines[number + 1]) and run_end(lines, number, reach) or number + 1
    list[#list + 1] = { line = lines[number], micros = micros(lines[number], lines[last]) }
    number = last
  end
  return list
end

local function frame_text(value)
  return (("%.3f"):format(value):gsub("%.?0+$", ""))
end

-- The shortest number of beats a minute that means so many microseconds.
local function bpm_text(wanted)
  for places = 0, 4 do
    local text = ("%." .. places .. "f"):format(60e6 / wanted)
    if rates.round(60e6 / tonumber(text)) == wanted then return text end
  end
  return ("%.6f"):format(60e6 / wanted)
end

-- What is left out means 4/4.
local function entry(run, selected, request_first)
  local frame = rates.frames(run.line.at, selected.rate) - selected.first + request_first
  local meter = run.line.beats == 4 and run.line.unit == 4 and "" or (":%d/%d"):format(run.line.beats, run.line.unit)
  return frame_text(frame) .. ":" .. bpm_text(run.micros) .. meter
end

local function check(list)
  for _, run in ipairs(list) do
    local bpm = 60e6 / run.micros
    if bpm < LEAST or bpm > HIGHEST then
      return problem("tempo_range", ("The project's tempo is %.0f."):format(bpm), "Do not follow the project's tempo.")
    end
    if run.line.beats > 16 or not UNITS[run.line.unit] then
      local text = ("The project's meter is %d/%d."):format(run.line.beats, run.line.unit)
      return problem("meter_range", text, "Do not follow the project's tempo.")
    end
  end
  return nil
end

-- By how many seconds the run's steady tempo misses the project's at a quarter note.
local function miss(reaper, project, run, quarter)
  local meant = run.line.at + (quarter - run.line.quarter) * run.micros / 1e6
  return math.abs(meant - reaper.TimeMap2_QNToTime(project, quarter))
end

-- The most by which any quarter note of the range is missed, in seconds: where a tempo bends inside of bars.
local function worst(reaper, project, list, last)
  local most = 0.0
  for number, run in ipairs(list) do
    local stop = (list[number + 1] or { line = last }).line.quarter
    for quarter = run.line.quarter + 0.5, stop, 0.5 do
      slices.rest()
      most = math.max(most, miss(reaper, project, run, quarter))
    end
  end
  return most
end

--- The text of the control `host_tempo` for a range of project frames, counted as the request counts them, and by how
--- many seconds at most it misses the project's eighth notes: under a millisecond for steps on bar lines, more where
--- the tempo bends inside of bars. Nil and a problem where the server could not follow.
function tempo.host(reaper, selected, request_first)
  local rate, project = selected.rate, selected.project
  local start, stop = rates.seconds_at(selected.first, rate), rates.seconds_at(selected.stop, rate)
  local lines = bar_lines(reaper, project, start, stop)
  for _, reach in ipairs({ LINE, rate.den / rate.num / 4 }) do
    local list, parts = runs(lines or {}, reach), {}
    local trouble = check(list)
    if trouble then return nil, trouble end
    for place, run in ipairs(list) do parts[place] = entry(run, selected, request_first) end
    local text = table.concat(parts, ",")
    if lines and #text <= MOST then return text, worst(reaper, project, list, lines[#lines]) end
  end
  return nil, LONG
end

-- -- into the project -------------------------------------------------------------------------

local function markers(reaper, project)
  local list = {}
  for number = 0, reaper.CountTempoTimeSigMarkers(project) - 1 do
    local _, at, _, _, _, _, _, bends = reaper.GetTempoTimeSigMarker(project, number)
    list[#list + 1] = { at = at, bends = bends }
  end
  return list
end

-- Whether the project's own tempo map leaves [start, stop] free: no marker in it, and no ramp over its beginning.
local function is_free(list, start, stop)
  for number, marker in ipairs(list) do
    if marker.at > start - TINY and marker.at < stop - TINY then return false end
    if marker.bends and marker.at < start and list[number + 1] then return false end
  end
  return true
end

-- What the project's tempo map says at `stop` and on its next bar line: {at, bpm, beats, unit} of each.
local function afterwards(reaper, project, list, stop)
  for _, marker in ipairs(list) do
    if math.abs(marker.at - stop) <= TINY then return {} end -- it says itself how to go on
  end
  local beats, unit, bpm = reaper.TimeMap_GetTimeSigAtTime(project, stop)
  local rows = { { at = stop, bpm = bpm, beats = beats, unit = unit } }
  local beat, measure = reaper.TimeMap2_timeToBeats(project, stop)
  local line = reaper.TimeMap2_beatsToTime(project, 0, measure + 1)
  local free = true
  for _, marker in ipairs(list) do free = free and not (marker.at > stop and marker.at <= line + TINY) end
  if beat > 1e-4 and free then rows[2] = { at = line, bpm = bpm, beats = beats, unit = unit } end
  return rows
end

--- Seconds of an exact fraction such as "1001/240".
function tempo.seconds_of(offset)
  local num, den = tostring(offset):match("^(%-?%d+)/?(%d*)$")
  return tonumber(num) / (den ~= "" and tonumber(den) or 1)
end

--- Puts a cue's tempo map into the project over [start, stop) seconds, inside an undo block: points of take.json, their
--- offsets exact fractions of a second. Behind it the project's bars go on where they were. False, and nothing is
--- changed, where the project's own tempo markers are in the way.
function tempo.insert(reaper, project, points, start, stop)
  local list = markers(reaper, project)
  if not is_free(list, start, stop) then return false end
  local rows = afterwards(reaper, project, list, stop)
  for _, point in ipairs(points) do
    local beats, unit = point.beats > 0 and point.beats or -1, point.unit > 0 and point.unit or -1
    local at = start + tempo.seconds_of(point.offset)
    reaper.SetTempoTimeSigMarker(project, -1, at, -1, -1, point.bpm, beats, unit, false)
  end
  for _, row in ipairs(rows) do
    reaper.SetTempoTimeSigMarker(project, -1, row.at, -1, -1, row.bpm, row.beats, row.unit, false)
  end
  reaper.UpdateTimeline()
  return true
end

return tempo
