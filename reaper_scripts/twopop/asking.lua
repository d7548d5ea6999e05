-- From what the panel shows to a request: the range, the form's controls, and what has a place of its own in the panel
-- (description, hits, references, host tempo).
local picture = require "twopop.picture"
local tempo = require "twopop.tempo"

local asking = {}

local TRACKS = { "broad", "targeted" }

-- A text as the wire takes it: no control characters.
local function plain(text)
  return (text:gsub("%c+", " "):gsub("^%s+", ""):gsub("%s+$", ""))
end

--- The description to send: what a person wrote, nil while it is what twopop said itself.
function asking.text(state)
  local text = plain(state.text or "")
  if text == "" or text == plain(state.described or "") then return nil end
  return text
end

-- A marker's name inside a list of hits, where comma and percent have a meaning.
local function label(name)
  return (plain(name):sub(1, 60):gsub("[,%%]", { [","] = "%2C", ["%"] = "%25" }))
end

-- A marker as a hit; "door slams [0.5 3]" weighs 0.5 and may be missed by three frames.
local function hit_of(marker, frame)
  local name, weight, tolerance = (marker.name or ""):match("^(.-)%s*%[(%d*%.?%d+)%s*(%d*%.?%d*)%]%s*$")
  local shown = label(name or marker.name or "")
  return ("%d:%s:%s%s"):format(
    frame, weight or "1", tolerance and tolerance ~= "" and tolerance or "1", shown ~= "" and ":" .. shown or "")
end

--- The project's markers as a list of hits on the request's own clock: "240:1:1:door,300:1:1"; "" for none.
function asking.marker_hits(selection, request)
  local hits = {}
  for _, marker in ipairs(selection.markers or {}) do
    hits[#hits + 1] = hit_of(marker, request.first + marker.frame - selection.first)
  end
  return table.concat(hits, ",")
end

--- What control `hits` says: mode is auto, off, markers or "auto and markers".
function asking.hits(mode, selection, request)
  if mode == "off" then return "off" end
  local list = mode ~= "auto" and asking.marker_hits(selection, request) or ""
  if list == "" then return mode == "markers" and "off" or nil end
  return mode == "markers" and list or "auto+" .. list
end

--- What control `reference` says: {broad = {mode, value}, targeted = ...}, mode "" (twopop looks itself), off or use.
function asking.reference(wanted)
  local parts = {}
  for _, track in ipairs(TRACKS) do
    local one = wanted[track] or {}
    local value = plain(one.value or "")
    if one.mode == "off" then
      parts[#parts + 1] = track .. ":off"
    elseif one.mode == "use" and value ~= "" then
      parts[#parts + 1] = track .. ":" .. value
    end
  end
  return #parts > 0 and table.concat(parts, ";") or nil
end

local NOTHING = {
  code = "nothing_to_score", text = "There is no picture under the time selection.",
  remedy = "Write what to score into the description, or select a stretch with video.",
}

--- A request for a selection: `wanted` is {controls = pairs of the form, text, described, hits, reference, follow_tempo},
--- which is left as it is. Nil and a problem.
function asking.request(reaper, selection, job, wanted)
  local text = asking.text(wanted)
  if #selection.clips == 0 and not text then return nil, NOTHING end
  local controls = { table.unpack(wanted.controls or {}) }
  local request, problem = picture.request(reaper, selection, job, controls)
  if not request then return nil, problem end
  local function also(name, value)
    if value and value ~= "" then table.insert(controls, { name, value }) end
  end
  also("text", text)
  if wanted.follow_tempo then
    local map, trouble = tempo.host(reaper, selection, request.first)
    if not map then return nil, trouble end
    also("host_tempo", map)
  end
  also("hits", asking.hits(wanted.hits, selection, request))
  also("reference", wanted.reference)
  request.controls = controls
  return request
end

return asking
