-- From a selection to a request: the film itself where one clip plays as it is, a timeline for everything else.
local files = require "twopop.files"
local otio = require "twopop.otio"

local picture = {}

local NEAR = 0.01 -- frames by which a clip may lie beside the project's frames and still count as on them

local function whole(value)
  local nearest = math.floor(value + 0.5)
  return math.abs(value - nearest) <= NEAR and nearest or nil
end

--- The first frame of the film where one clip fills the range at its own speed; nil where a timeline is needed.
function picture.plain_first(selected)
  local clip = selected.clips[1]
  local length = selected.stop - selected.first
  if #selected.clips ~= 1 or clip.speed ~= 1 or clip.reversed then return nil end
  if math.abs(clip.at) > NEAR or math.abs(clip.length - length) > NEAR then return nil end
  return whole(clip.source_start * selected.rate.num / selected.rate.den)
end

-- Where a timeline may lie: beside the project, else in REAPER's own folder.
local function folders(reaper, project)
  return { files.join(reaper.GetProjectPathEx(project), "twopop"), files.join(reaper.GetResourcePath(), "twopop") }
end

local function timeline(reaper, selected, job)
  local text = otio.timeline(selected.clips, selected.stop - selected.first, selected.rate, job)
  local why
  for _, folder in ipairs(folders(reaper, selected.project)) do
    reaper.RecursiveCreateDirectory(folder, 0)
    local path = files.join(folder, job .. ".otio")
    local fine
    fine, why = files.write(path, text)
    if fine then return path end
  end
  return nil, {
    code = "timeline_unwritten", text = "The timeline could not be written: " .. tostring(why),
    remedy = "Save the project where you may write, or free some space.",
  }
end

--- A request for a selection, its controls a list of {key, value}; nil and a problem. Frames of the request count from
--- the film's beginning where the film itself is sent, else from the range's; `request.first` says which.
function picture.request(reaper, selected, job, controls)
  local length = selected.stop - selected.first
  local media, first = "", 0
  if #selected.clips > 0 then
    first = picture.plain_first(selected)
    media = selected.clips[1].path
    if not first then
      local path, problem = timeline(reaper, selected, job)
      if not path then return nil, problem end
      media, first = path, 0
    end
  end
  return { job = job, media = media, first = first, stop = first + length, rate = selected.rate, controls = controls }
end

return picture
