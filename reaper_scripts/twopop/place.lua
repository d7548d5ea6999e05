-- Stems into the project: new tracks or new takes, each on its sample, in one undo block. Nothing that is there is
-- touched; whatever could go wrong is looked at before anything is changed.
local card = require "twopop.card"
local colours = require "twopop.colours"
local memory = require "twopop.memory"
local rates = require "twopop.rates"
local tempo = require "twopop.tempo"

local place = {}

local MARK = 0x5A5AD8 -- colour of hit markers, as red, green and blue

local function problem(code, text, remedy)
  return { code = code, text = text, remedy = remedy }
end

local CLOSED = problem("project_closed", "The project that this was asked from is closed.", "Open it and the panel again.")

-- Does something to a project as one step of its history, the screen held still; whatever happens, both end.
local function as_one_step(reaper, project, name, work)
  reaper.Undo_BeginBlock2(project)
  reaper.PreventUIRefresh(1)
  local fine, result = pcall(work)
  reaper.PreventUIRefresh(-1)
  reaper.Undo_EndBlock2(project, name, -1)
  if not fine then error(result, 0) end
  reaper.UpdateArrange()
  return result
end

-- The sources of stems, by their place in the list; nil and a problem when a file is missing.
local function sources(reaper, stems)
  local found = {}
  for number, stem in ipairs(stems) do
    local source = reaper.file_exists(stem.path) and reaper.PCM_Source_CreateFromFile(stem.path)
    if not source then
      return nil, problem("stem_gone", "A stem is missing: " .. tostring(stem.path), "Score the range again.")
    end
    found[number] = source
  end
  return found
end

-- Stems by name in the order of their first appearance: {{name, stems = {...}, sources = {...}}, ...}.
local function rows(stems, found)
  local list, by_name = {}, {}
  for number, stem in ipairs(stems) do
    local row = by_name[stem.name]
    if not row then
      row = { name = stem.name, stems = {}, sources = {} }
      by_name[stem.name] = row
      list[#list + 1] = row
    end
    row.stems[#row.stems + 1] = stem
    row.sources[#row.sources + 1] = found[number]
  end
  return list
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

-- Where new tracks go: the bottom, or the top where the last tracks are inside a folder that is never closed.
local function new_index(reaper, project)
  local depth, count = 0, reaper.CountTracks(project)
  for number = 0, count - 1 do
    depth = depth + reaper.GetMediaTrackInfo_Value(reaper.GetTrack(project, number), "I_FOLDERDEPTH")
  end
  return depth > 0 and 0 or count
end

local function named_track(reaper, project, index, name, depth, colour)
  local track = insert_track(reaper, project, index)
  reaper.GetSetMediaTrackInfo_String(track, "P_NAME", name, true)
  reaper.SetMediaTrackInfo_Value(track, "I_FOLDERDEPTH", depth)
  if colour then reaper.SetMediaTrackInfo_Value(track, "I_CUSTOMCOLOR", colour) end
  return track
end

local ITEM = {
  B_LOOPSRC = 0, D_FADEINLEN = 0, D_FADEOUTLEN = 0, D_FADEINLEN_AUTO = -1, D_FADEOUTLEN_AUTO = -1,
  C_BEATATTACHMODE = 0, -- to time: a tempo that is changed later does not move it
}

-- An item from one sample to another: exact, for the length is a whole number of samples too.
local function add_item(reaper, track, first_sample, samples, sample_rate)
  local item = reaper.AddMediaItemToTrack(track)
  reaper.SetMediaItemInfo_Value(item, "D_POSITION", first_sample / sample_rate)
  reaper.SetMediaItemInfo_Value(item, "D_LENGTH", samples / sample_rate)
  for name, value in pairs(ITEM) do reaper.SetMediaItemInfo_Value(item, name, value) end
  return item
end

local function add_take(reaper, item, source, name, note)
  local take = reaper.AddTakeToMediaItem(item)
  reaper.SetMediaItemTake_Source(take, source)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", name, true)
  if note then memory.keep_take(reaper, take, note) end
  return take
end

local function note_of(target, take, stem)
  return {
    job = take.job, stem = stem.name, variation = stem.variation, request = target.request, range = target.range,
    sample_rate = stem.sample_rate, folder = take.folder,
  }
end

local function take_name(row, stem)
  return #row.stems > 1 and ("%s v%d"):format(row.name, stem.variation + 1) or row.name
end

local function add_row(reaper, target, take, row, track)
  local lead = row.stems[1]
  local first = rates.sample_at(target.range.first, target.range.rate, lead.sample_rate)
  local item = add_item(reaper, track, first, lead.samples, lead.sample_rate)
  local active
  for number, stem in ipairs(row.stems) do
    local one = add_take(reaper, item, row.sources[number], take_name(row, stem), note_of(target, take, stem))
    active = active or one
  end
  reaper.SetActiveTake(active)
  memory.keep_item(reaper, item, note_of(target, take, lead))
  return item
end

-- The notes of each stem on a track of its own, where there are any.
local function add_midi(reaper, target, take, row, track)
  local lead = row.stems[1]
  local source = reaper.PCM_Source_CreateFromFile(card.midi(take.folder, lead))
  local first = rates.sample_at(target.range.first, target.range.rate, lead.sample_rate)
  if not source then return end
  local item = add_item(reaper, track, first, lead.samples, lead.sample_rate)
  reaper.SetActiveTake(add_take(reaper, item, source, row.name .. " MIDI"))
end

local function add_tracks(reaper, target, take, list, options)
  local project, index = target.project, new_index(reaper, target.project)
  local placed = { items = {}, sources = {}, notes = {} }
  placed.track = named_track(reaper, project, index, "twopop " .. take.job, 1)
  for number, row in ipairs(list) do
    local last = number == #list and not options.midi
    local colour = options.colours ~= false and colours.native(reaper, row.name) or nil
    local track = named_track(reaper, project, index + number, row.name, last and -1 or 0, colour)
    placed.items[number] = add_row(reaper, target, take, row, track)
    for _, source in ipairs(row.sources) do table.insert(placed.sources, source) end
  end
  for number, row in ipairs(options.midi and list or {}) do
    local at = index + #list + number
    add_midi(reaper, target, take, row, named_track(reaper, project, at, row.name .. " MIDI", number == #list and -1 or 0))
  end
  return placed
end

local function hit_name(hit)
  local name = hit.label ~= "" and hit.label or "hit"
  return hit.event ~= "" and ("%s: %s"):format(name, hit.event) or name
end

local function add_markers(reaper, target, take, kind)
  local range, colour = target.range, reaper.ColorToNative(MARK >> 16, MARK >> 8 & 255, MARK & 255) | 0x1000000
  if kind == "region" then
    local start, stop = rates.seconds_at(range.first, range.rate), rates.seconds_at(range.stop, range.rate)
    reaper.AddProjectMarker2(target.project, true, start, stop, take.job, -1, colour)
  elseif kind == "markers" then
    for _, hit in ipairs(take.hits) do
      local frame = range.first + hit.frame - target.request.first
      reaper.AddProjectMarker2(target.project, false, rates.seconds_at(frame, range.rate), 0, hit_name(hit), -1, colour)
    end
  end
end

-- The cue's tempo map into the project, where it was asked for or the notes need it; a word where it cannot be.
local function add_tempo(reaper, target, take, options)
  local follows = false
  for _, pair in ipairs(target.request.controls or {}) do follows = follows or pair[1] == "host_tempo" end
  if follows or not (options.tempo_map or options.midi) then return nil end
  local points = card.tempo_points(card.read(take.folder), 0)
  if not points then return "The take has no tempo map." end
  local range = target.range
  local start, stop = rates.seconds_at(range.first, range.rate), rates.seconds_at(range.stop, range.rate)
  if tempo.insert(reaper, target.project, points, start, stop) then return nil end
  return "The project has tempo markers inside the range; the cue's tempo map was left out."
end

--- Places a finished take on tracks of its own: a folder, one child per stem, variations as takes.
--- target: {project, range = {first, stop, rate} in project frames, request}; options: {midi, markers = "markers",
--- "region" or "none", tempo_map, colours, names = only these stems}. {track, items, sources, notes}, or nil and a problem.
function place.take(reaper, target, take, options)
  if not memory.is_open(reaper, target.project) then return nil, CLOSED end
  local wanted = {}
  for _, stem in ipairs(take.stems) do
    if not options.names or options.names[stem.name] then wanted[#wanted + 1] = stem end
  end
  local found, trouble = sources(reaper, wanted)
  if not found then return nil, trouble end
  return as_one_step(reaper, target.project, "twopop: place " .. take.job, function()
    local note = add_tempo(reaper, target, take, options)
    local placed = add_tracks(reaper, target, take, rows(wanted, found), options)
    add_markers(reaper, target, take, options.markers)
    if note then table.insert(placed.notes, note) end
    return placed
  end)
end

-- A new take in an item: it lies on the item as the take that was active does.
local function renew(reaper, item, source, stem, note)
  local before = reaper.GetActiveTake(item)
  local count = reaper.CountTakes(item)
  local fresh = add_take(reaper, item, source, ("%s take %d"):format(stem.name, count + 1), note)
  for _, name in ipairs { "D_STARTOFFS", "D_PLAYRATE", "D_VOL", "D_PAN" } do
    if before then reaper.SetMediaItemTakeInfo_Value(fresh, name, reaper.GetMediaItemTakeInfo_Value(before, name)) end
  end
  reaper.SetActiveTake(fresh)
end

-- Items that are still there, with the stem that each of them gets.
local function pairs_of(reaper, project, items, take, names)
  local list, gone = {}, 0
  for _, item in ipairs(items) do
    local note = reaper.ValidatePtr2(project, item, "MediaItem*") and memory.of_item(reaper, item)
    if not note then gone = gone + 1 end
    for _, stem in ipairs(note and take.stems or {}) do
      local meant = stem.name == note.stem and stem.variation == 0 and (not names or names[stem.name])
      if meant then list[#list + 1] = { item = item, stem = stem } end
    end
  end
  return list, gone
end

--- Adds a take to each item that a stem of a finished job belongs to; items that were deleted are left out and counted.
--- `names` is a set of stems, nil for all. {items, sources, skipped, notes}; nil and a problem, `items_gone` when none is left.
function place.new_takes(reaper, target, items, take, names)
  if not memory.is_open(reaper, target.project) then return nil, CLOSED end
  local list, gone = pairs_of(reaper, target.project, items, take, names)
  if #list == 0 then
    return nil, problem("items_gone", "The items that this was for are gone.", "Re-import the job onto new tracks.")
  end
  local stems = {}
  for number, pair in ipairs(list) do stems[number] = pair.stem end
  local found, trouble = sources(reaper, stems)
  if not found then return nil, trouble end
  return as_one_step(reaper, target.project, "twopop: new take of " .. take.job, function()
    local placed = { items = {}, sources = found, skipped = gone, notes = {} }
    for number, pair in ipairs(list) do
      renew(reaper, pair.item, found[number], pair.stem, note_of(target, take, pair.stem))
      placed.items[number] = pair.item
    end
    return placed
  end)
end

--- Builds a little of the peaks of what was placed; whether there is more to do.
function place.peaks(reaper, placed)
  local source = placed.sources[#placed.sources]
  if not source then return false end
  if placed.building ~= source then
    placed.building = source
    if reaper.PCM_Source_BuildPeaks(source, 0) == 0 then table.remove(placed.sources) end
  elseif reaper.PCM_Source_BuildPeaks(source, 1) == 0 then
    reaper.PCM_Source_BuildPeaks(source, 2)
    table.remove(placed.sources)
    reaper.UpdateArrange()
  end
  return #placed.sources > 0
end

return place
