-- Tracks, items and takes as they are laid into a project: what place.lua puts together. Everything here that changes a
-- project is called inside of `as_one_step`.
local memory = require "twopop.memory"

local laying = {}

local function selected_tracks(reaper, project)
  local found = {}
  for number = 0, reaper.CountSelectedTracks(project) - 1 do
    found[number + 1] = reaper.GetSelectedTrack(project, number)
  end
  return found
end

-- New tracks do not take the selection over; new items never have it.
local function select_again(reaper, project, before)
  for _, track in ipairs(selected_tracks(reaper, project)) do reaper.SetTrackSelected(track, false) end
  for _, track in ipairs(before) do reaper.SetTrackSelected(track, true) end
end

--- Does something to a project as one step of its history, the screen held still and the selection kept; whatever
--- happens, step and stillness end.
function laying.as_one_step(reaper, project, name, work)
  local selected = selected_tracks(reaper, project)
  reaper.Undo_BeginBlock2(project)
  reaper.PreventUIRefresh(1)
  local fine, result = pcall(function()
    local made = work()
    select_again(reaper, project, selected)
    return made
  end)
  reaper.PreventUIRefresh(-1)
  reaper.Undo_EndBlock2(project, name, -1)
  if not fine then error(result, 0) end
  reaper.UpdateArrange()
  return result
end

-- Whether a file has the length that the server said; it may have been cut while it was copied.
local function is_whole(reaper, source, stem)
  local seconds, in_quarters = reaper.GetMediaSourceLength(source)
  return not in_quarters and math.abs(seconds * stem.sample_rate - stem.samples) < 1
end

local function opened(reaper, stem)
  local source = reaper.file_exists(stem.path) and reaper.PCM_Source_CreateFromFile(stem.path)
  if not source then
    return nil, {
      code = "stem_gone", text = "A stem is missing: " .. tostring(stem.path), remedy = "Score the range again.",
    }
  end
  if is_whole(reaper, source, stem) then return source end
  reaper.PCM_Source_Destroy(source)
  return nil, {
    code = "stem_damaged", text = "A stem is not as long as it should be: " .. stem.path,
    remedy = "Score the range again.",
  }
end

--- The sources of stems, by their place in the list; nil and a problem when a file is missing or cut, and none is open.
function laying.sources(reaper, stems)
  local found = {}
  for number, stem in ipairs(stems) do
    local source, trouble = opened(reaper, stem)
    if not source then
      for _, other in ipairs(found) do reaper.PCM_Source_Destroy(other) end
      return nil, trouble
    end
    found[number] = source
  end
  return found
end

local function insert_track(reaper, project, index)
  if reaper.APIExists("InsertTrackInProject") then
    reaper.InsertTrackInProject(project, index, 0)
  else -- an older REAPER only knows the current tab
    local current = reaper.EnumProjects(-1)
    if current ~= project then reaper.SelectProjectInstance(project) end
    reaper.InsertTrackAtIndex(index, false)
    if current ~= project then reaper.SelectProjectInstance(current) end
  end
  return reaper.GetTrack(project, index)
end

--- Where new tracks go: the bottom, or the top where the last tracks are inside a folder that is never closed.
function laying.new_index(reaper, project)
  local depth, count = 0, reaper.CountTracks(project)
  for number = 0, count - 1 do
    depth = depth + reaper.GetMediaTrackInfo_Value(reaper.GetTrack(project, number), "I_FOLDERDEPTH")
  end
  return depth > 0 and 0 or count
end

--- A new track; depth 1 opens a folder, -1 closes it behind the track.
function laying.track(reaper, project, index, name, depth, colour)
  local track = insert_track(reaper, project, index)
  reaper.GetSetMediaTrackInfo_String(track, "P_NAME", name, true)
  reaper.SetMediaTrackInfo_Value(track, "I_FOLDERDEPTH", depth)
  if colour then reaper.SetMediaTrackInfo_Value(track, "I_CUSTOMCOLOR", colour) end
  return track
end

local ITEM = {
  B_LOOPSRC = 0, D_FADEINLEN = 0, D_FADEOUTLEN = 0, D_FADEINLEN_AUTO = -1, D_FADEOUTLEN_AUTO = -1,
  B_UISEL = 0,
  C_BEATATTACHMODE = 0, -- to time: a tempo that is changed later does not move it
}

--- An empty item over so many seconds, without fades or loop.
function laying.item(reaper, track, position, length)
  local item = reaper.AddMediaItemToTrack(track)
  reaper.SetMediaItemInfo_Value(item, "D_POSITION", position)
  reaper.SetMediaItemInfo_Value(item, "D_LENGTH", length)
  for name, value in pairs(ITEM) do reaper.SetMediaItemInfo_Value(item, name, value) end
  return item
end

--- A new take of an item with what made it, see memory.lua; nil for `note` where it is not to be found again.
function laying.take(reaper, item, source, name, note)
  local take = reaper.AddTakeToMediaItem(item)
  reaper.SetMediaItemTake_Source(take, source)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", name, true)
  if note then memory.keep_take(reaper, take, note) end
  return take
end

local KEPT = {
  "D_STARTOFFS", "D_PLAYRATE", "D_VOL", "D_PAN", "D_PANLAW", "D_PITCH", "B_PPITCH", "I_CHANMODE", "I_PITCHMODE",
}

--- A new active take that lies on its item as the take that was active does.
function laying.renew(reaper, item, source, name, note)
  local before = reaper.GetActiveTake(item)
  local fresh = laying.take(reaper, item, source, name, note)
  for _, key in ipairs(before and KEPT or {}) do
    reaper.SetMediaItemTakeInfo_Value(fresh, key, reaper.GetMediaItemTakeInfo_Value(before, key))
  end
  reaper.SetActiveTake(fresh)
  return fresh
end

return laying
