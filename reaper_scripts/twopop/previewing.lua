-- Listening to a file inside REAPER: by SWS's preview where it is installed, else on a track that goes away again.
local memory = require "twopop.memory"

local previewing = {}

local NAME = "twopop audition"
local PLAYING, RECORDING = 1, 4

local function problem(code, text, remedy)
  return nil, { code = code, text = text, remedy = remedy }
end

local function source_of(reaper, path)
  local source = path ~= "" and reaper.file_exists(path) and reaper.PCM_Source_CreateFromFile(path)
  if source then return source end
  return problem("not_audible", "This cannot be played: " .. path, "It was moved, or REAPER does not know its kind.")
end

local function by_preview(reaper, source)
  local preview = reaper.CF_CreatePreview(source)
  reaper.CF_Preview_SetValue(preview, "D_VOLUME", 1.0)
  reaper.CF_Preview_Play(preview)
  return {
    is_on = function() return true end,
    stop = function()
      reaper.CF_Preview_Stop(preview)
      reaper.PCM_Source_Destroy(source)
    end,
  }
end

local function in_one_step(reaper, project, name, work)
  reaper.Undo_BeginBlock2(project)
  reaper.PreventUIRefresh(1)
  work()
  reaper.PreventUIRefresh(-1)
  reaper.Undo_EndBlock2(project, name, -1)
end

-- A track at the end with the file at the edit cursor, heard alone.
local function add_track(reaper, project, source)
  local index = reaper.CountTracks(project)
  if reaper.APIExists("InsertTrackInProject") then
    reaper.InsertTrackInProject(project, index, 0)
  else
    reaper.InsertTrackAtIndex(index, false)
  end
  local track = reaper.GetTrack(project, index)
  reaper.GetSetMediaTrackInfo_String(track, "P_NAME", NAME, true)
  reaper.SetMediaTrackInfo_Value(track, "I_SOLO", 1)
  local item = reaper.AddMediaItemToTrack(track)
  reaper.SetMediaItemInfo_Value(item, "D_POSITION", reaper.GetCursorPositionEx(project))
  reaper.SetMediaItemInfo_Value(item, "D_LENGTH", (reaper.GetMediaSourceLength(source)))
  reaper.SetMediaItemTake_Source(reaper.AddTakeToMediaItem(item), source)
  return track
end

-- Takes the track away, unless somebody did, or closed the project, or undid it.
local function remove_track(reaper, project, track)
  if not memory.is_open(reaper, project) or not reaper.ValidatePtr2(project, track, "MediaTrack*") then return end
  in_one_step(reaper, project, "twopop: end of audition", function() reaper.DeleteTrack(track) end)
end

local function on_track(reaper, source)
  local project = reaper.EnumProjects(-1)
  if reaper.GetPlayStateEx(project) & RECORDING ~= 0 then
    return problem("recording", "REAPER is recording.", "Stop it first.")
  end
  local track
  in_one_step(reaper, project, "twopop: audition", function() track = add_track(reaper, project, source) end)
  reaper.OnPlayButtonEx(project)
  return {
    is_on = function()
      return memory.is_open(reaper, project) and reaper.GetPlayStateEx(project) & PLAYING ~= 0
    end,
    stop = function()
      if memory.is_open(reaper, project) then reaper.OnStopButtonEx(project) end
      remove_track(reaper, project, track)
    end,
  }
end

--- Plays a file: {is_on(), stop()}; nil and a problem. Without SWS it is heard from the edit cursor on.
function previewing.play(reaper, path)
  local source, trouble = source_of(reaper, path)
  if not source then return nil, trouble end
  if reaper.APIExists("CF_CreatePreview") then return by_preview(reaper, source) end
  return on_track(reaper, source)
end

--- Puts a file on a new track of the project at the edit cursor, to stay, in one undo step.
function previewing.drop(reaper, project, path, title)
  local source, trouble = source_of(reaper, path)
  if not source then return nil, trouble end
  in_one_step(reaper, project, "twopop: reference " .. title, function()
    local track = add_track(reaper, project, source)
    reaper.GetSetMediaTrackInfo_String(track, "P_NAME", title, true)
    reaper.SetMediaTrackInfo_Value(track, "I_SOLO", 0)
  end)
  reaper.UpdateArrange()
  return true
end

return previewing
