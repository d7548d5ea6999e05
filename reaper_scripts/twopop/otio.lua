-- An OpenTimelineIO timeline of the picture in a range: one track, gaps black, speeds and reversal as time warps.
local json = require "twopop.json"
local slices = require "twopop.slices"

local otio = {}

local THOUSANDTHS = 1000 -- of a frame, to which borders are rounded

local function rounded(frames)
  return math.floor(frames * THOUSANDTHS + 0.5) / THOUSANDTHS
end

local function time(frames, rate)
  return { OTIO_SCHEMA = "RationalTime.1", rate = rate.num / rate.den, value = frames + 0.0 }
end

local function range(start, length, rate)
  return { OTIO_SCHEMA = "TimeRange.1", start_time = time(start, rate), duration = time(length, rate) }
end

local function gap(length, rate)
  return { OTIO_SCHEMA = "Gap.1", name = "", source_range = range(0, length, rate), effects = json.array {} }
end

local function warp(clip)
  if clip.speed == 1 and not clip.reversed then return json.array {} end
  local scalar = clip.reversed and -clip.speed or clip.speed
  local effect = { OTIO_SCHEMA = "LinearTimeWarp.1", name = "", effect_name = "LinearTimeWarp", time_scalar = scalar + 0.0 }
  return json.array { effect }
end

local function piece(clip, length, rate)
  return {
    OTIO_SCHEMA = "Clip.1", name = (clip.path:match("([^/\\]+)$") or clip.path),
    source_range = range(rounded(clip.source_start * rate.num / rate.den), length, rate),
    media_reference = { OTIO_SCHEMA = "ExternalReference.1", target_url = clip.path, available_range = json.null },
    effects = warp(clip),
  }
end

--- The JSON text of a timeline of `length` frames at a rate. Clips are in order and do not overlap; each has path, at
--- and length in frames, source_start in seconds of its file (the earliest that it shows), speed and reversed.
function otio.timeline(clips, length, rate, name)
  local children, now = json.array {}, 0
  for _, clip in ipairs(clips) do
    slices.rest()
    local start, stop = rounded(clip.at), math.min(rounded(clip.at + clip.length), length)
    if start > now then children[#children + 1] = gap(start - now, rate) end
    if stop > start then children[#children + 1] = piece(clip, stop - start, rate) end
    now = math.max(now, stop)
  end
  if now < length then children[#children + 1] = gap(length - now, rate) end
  return json.write {
    OTIO_SCHEMA = "Timeline.1", name = name,
    global_start_time = time(0, rate),
    tracks = {
      OTIO_SCHEMA = "Stack.1", name = "tracks",
      children = json.array { { OTIO_SCHEMA = "Track.1", name = "picture", kind = "Video", children = children } },
    },
  }
end

return otio
