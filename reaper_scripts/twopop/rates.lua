-- Exact frame rates. A rate is {num, den, drop}: frames per second as two integers, and whether its labels drop
-- numbers. Seconds are REAPER's floats; frames and samples are integers, rounded half up, never cut off.
local rates = {}

local NTSC = { 24, 30, 48, 60, 120 }
local NEAR = 0.005 -- frames per second by which REAPER's float may miss the ratio that it stands for

--- The exact rate that a float stands for: 29.97 is 30000/1001.
function rates.of(fps, drop)
  for _, whole in ipairs(NTSC) do
    local exact = whole * 1000 / 1001
    if math.abs(fps - exact) < NEAR * whole / 24 and math.abs(fps - exact) < math.abs(fps - whole) then
      return { num = whole * 1000, den = 1001, drop = drop or false }
    end
  end
  local nearest = math.floor(fps + 0.5)
  if nearest > 0 and math.abs(fps - nearest) < NEAR then return { num = nearest, den = 1, drop = false } end
  return { num = math.floor(fps * 1000 + 0.5), den = 1000, drop = false }
end

--- Whole number nearest to a float, halves up.
function rates.round(value)
  return math.floor(value + 0.5)
end

--- The frame whose beginning is nearest to an instant.
function rates.frame_at(seconds, rate)
  return rates.round(seconds * rate.num / rate.den)
end

--- Frames as a float, for places between them.
function rates.frames(seconds, rate)
  return seconds * rate.num / rate.den
end

--- When a frame begins, in seconds.
function rates.seconds_at(frame, rate)
  return frame * rate.den / rate.num
end

--- The sample at which a frame begins: exact integer arithmetic, halves up.
function rates.sample_at(frame, rate, sample_rate)
  return (2 * frame * sample_rate * rate.den + rate.num) // (2 * rate.num)
end

-- Frame numbers with those that drop-frame counting leaves out: two (or four) a minute, not in every tenth.
local function with_gaps(frame, whole)
  local gap = whole // 15
  local minute, ten = whole * 60 - gap, whole * 600 - 9 * gap
  local tens, rest = frame // ten, frame % ten
  local skipped = rest < whole * 60 and 0 or (rest - whole * 60) // minute + 1
  return frame + gap * (9 * tens + skipped)
end

--- A frame as timecode for people: 01:00:00:00, with ; before the frames where numbers are dropped.
function rates.label(frame, rate)
  local whole = rates.round(rate.num / rate.den)
  local sign = frame < 0 and "-" or ""
  local count = math.abs(frame)
  if rate.drop then count = with_gaps(count, whole) end
  local seconds = count // whole
  return ("%s%02d:%02d:%02d%s%02d"):format(
    sign, seconds // 3600, seconds // 60 % 60, seconds % 60, rate.drop and ";" or ":", count % whole)
end

--- Whether two rates are the same speed.
function rates.same(one, other)
  return one.num * other.den == other.num * one.den
end

return rates
