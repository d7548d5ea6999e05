-- The project's tempo map for the server, and a cue's for the project.
local rates = require "twopop.rates"

local tempo = {}

local MOST = 6000 -- bytes of text that fit into a message beside everything else
local LEAST, HIGHEST = 20, 400 -- quarter notes a minute that the server takes

-- Seconds and meter of each bar line from the one at or before `start` to `stop`.
local function bar_lines(reaper, project, start, stop)
  local lines, measure = {}, select(2, reaper.TimeMap2_timeToBeats(project, start)) or 0
  while true do
    local at = reaper.TimeMap2_beatsToTime(project, 0, measure)
    if at >= stop - 1e-6 then return lines end
    local beats, unit = reaper.TimeMap_GetTimeSigAtTime(project, at + 1e-6)
    lines[#lines + 1] = { at = at, beats = beats, unit = unit }
    measure = measure + 1
    if #lines > 20000 then return lines end
  end
end

-- The tempo that a bar has on the whole: exact also where it bends inside, and where the next meter cuts it short.
local function mean_bpm(reaper, project, line, after)
  local start = reaper.TimeMap2_timeToQN(project, line.at)
  local stop = after and after.at or reaper.TimeMap2_QNToTime(project, start + line.beats * 4 / line.unit)
  return 60 * (reaper.TimeMap2_timeToQN(project, stop) - start) / (stop - line.at)
end

local function close(one, other)
  return math.abs(one - other) < 1e-4
end

--- The text of the control `host_tempo` for a range of project frames, counted as the request counts them: one entry
--- wherever tempo or meter changes, on its bar line; a bar whose tempo bends has its mean. Nil and a problem where the
--- server could not follow.
function tempo.host(reaper, selected, request_first)
  local rate, project = selected.rate, selected.project
  local start, stop = rates.seconds_at(selected.first, rate), rates.seconds_at(selected.stop, rate)
  local lines, parts, last = bar_lines(reaper, project, start, stop), {}, nil
  for number, line in ipairs(lines) do
    local bpm = mean_bpm(reaper, project, line, lines[number + 1])
    if bpm < LEAST or bpm > HIGHEST then
      return nil, { code = "tempo_range", text = ("The project's tempo is %.0f."):format(bpm), remedy = "Do not follow it." }
    end
    if not last or not close(last.bpm, bpm) or last.beats ~= line.beats or last.unit ~= line.unit then
      local frame = rates.frames(line.at, rate) - selected.first + request_first
      parts[#parts + 1] = ("%.3f:%.6f:%d/%d"):format(frame, bpm, line.beats, line.unit)
      last = { bpm = bpm, beats = line.beats, unit = line.unit }
    end
  end
  local text = table.concat(parts, ",")
  if #text > MOST then
    return nil, {
      code = "tempo_long", text = "The project's tempo changes too often to be sent.", remedy = "Select a shorter range.",
    }
  end
  return text
end

--- Puts a cue's tempo map into the project from `start` seconds on: points of take.json, their offsets exact fractions.
--- Markers of the project that lie inside are left alone by leaving everything out: false, when there are some.
function tempo.insert(reaper, project, points, start, stop)
  for number = 0, reaper.CountTempoTimeSigMarkers(project) - 1 do
    local _, at = reaper.GetTempoTimeSigMarker(project, number)
    if at > start + 1e-6 and at < stop - 1e-6 then return false end
  end
  local beats, unit, before = reaper.TimeMap_GetTimeSigAtTime(project, stop)
  for _, point in ipairs(points) do
    local num, den = point.offset:match("^(%-?%d+)/?(%d*)$")
    local at = start + tonumber(num) / (den ~= "" and tonumber(den) or 1)
    local meter, of = point.beats > 0 and point.beats or -1, point.unit > 0 and point.unit or -1
    reaper.SetTempoTimeSigMarker(project, -1, at, -1, -1, point.bpm, meter, of, false)
  end
  reaper.SetTempoTimeSigMarker(project, -1, stop, -1, -1, before, beats, unit, false) -- the project goes on as it was
  return true
end

return tempo
