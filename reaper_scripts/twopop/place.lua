-- Stems into the project: new tracks or new takes, each on its sample, in one undo block. Nothing that is there is
-- touched; whatever could go wrong is looked at before anything is changed. Peaks are built afterwards, turn by turn.
local colours = require "twopop.colours"
local laying = require "twopop.laying"
local memory = require "twopop.memory"
local notation = require "twopop.notation"
local rates = require "twopop.rates"

local place = {}

local MARK = { 0xD8, 0x5A, 0x5A } -- colour of hit markers, as red, green and blue

local function problem(code, text, remedy)
  return { code = code, text = text, remedy = remedy }
end

local CLOSED = memory.CLOSED
local GONE = problem("items_gone", "The items that this was for are gone.", "Re-import the job onto new tracks.")
local NOTHING = problem("no_stems", "The take has no stems to place.", "Score the range again.")

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

local function note_of(target, take, stem)
  return {
    job = take.job, stem = stem.name, variation = stem.variation, request = target.request, range = target.range,
    sample_rate = stem.sample_rate, folder = take.folder,
  }
end

local function take_name(row, stem)
  return #row.stems > 1 and ("%s v%d"):format(row.name, stem.variation + 1) or row.name
end

-- One stem's variations as takes of one item, the first of them active: from sample to sample, for the length is a whole
-- number of samples too.
local function add_row(reaper, target, take, row, track, placed)
  local lead = row.stems[1]
  local first = rates.sample_at(target.range.first, target.range.rate, lead.sample_rate)
  local item = laying.item(reaper, track, first / lead.sample_rate, lead.samples / lead.sample_rate)
  local active
  for number, stem in ipairs(row.stems) do
    local note = note_of(target, take, stem)
    local one = laying.take(reaper, item, row.sources[number], take_name(row, stem), note)
    active = active or one
    table.insert(placed.takes, one)
  end
  reaper.SetActiveTake(active)
  memory.keep_item(reaper, item, note_of(target, take, lead))
  table.insert(placed.items, item)
end

-- A folder track, a child for each stem, and one for each stem's notes where `midi` says where they begin.
local function add_tracks(reaper, target, take, list, options, midi, placed)
  local project, index = target.project, laying.new_index(reaper, target.project)
  local count = #list * (midi and 2 or 1)
  local function child(number, name, colour)
    return laying.track(reaper, project, index + number, name, number == count and -1 or 0, colour)
  end
  placed.track = laying.track(reaper, project, index, "twopop " .. take.job, 1)
  for number, row in ipairs(list) do
    local colour = options.colours ~= false and colours.native(reaper, row.name) or nil
    add_row(reaper, target, take, row, child(number, row.name, colour), placed)
  end
  for number, row in ipairs(midi and list or {}) do
    notation.add(reaper, take.folder, row.stems[1], child(#list + number, row.name .. " MIDI"), midi)
  end
end

local function hit_name(hit)
  local name = hit.label ~= "" and hit.label or "hit"
  return hit.event ~= "" and ("%s: %s"):format(name, hit.event) or name
end

local function add_markers(reaper, target, take, kind)
  local range, colour = target.range, reaper.ColorToNative(table.unpack(MARK)) | 0x1000000
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

local function new_placed(target)
  return { project = target.project, items = {}, takes = {}, notes = {} }
end

local function wanted(take, names)
  local list = {}
  for _, stem in ipairs(take.stems) do
    if not names or names[stem.name] then list[#list + 1] = stem end
  end
  return list
end

--- Places a finished take on tracks of its own: a folder, one child per stem, variations as takes.
--- target: {project, range = {first, stop, rate} in project frames, request, card = the take's, for MIDI and tempo};
--- options: {midi, markers = "markers", "region" or "none", tempo_map, colours, names = set of the only stems}.
--- {project, track, items, takes, notes}, or nil and a problem: project_closed, no_stems, stem_gone, stem_damaged.
function place.take(reaper, target, take, options)
  if not memory.is_open(reaper, target.project) then return nil, CLOSED end
  local stems = wanted(take, options.names)
  if #stems == 0 then return nil, NOTHING end
  local found, trouble = laying.sources(reaper, stems)
  if not found then return nil, trouble end
  return laying.as_one_step(reaper, target.project, "twopop: place " .. take.job, function()
    local placed = new_placed(target)
    local midi = notation.tempo(reaper, target, target.card, options, placed.notes)
    add_tracks(reaper, target, take, rows(stems, found), options, midi, placed)
    add_markers(reaper, target, take, options.markers)
    return placed
  end)
end

-- -- new takes on items that are there --------------------------------------------------------

-- Items that are still there, with the stem that each of them gets: {{item, stem}...}; and how many are gone.
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

-- Stems that were asked for and whose items were deleted while we waited. Without names only what is gone tells.
local function homeless(take, names, list, gone)
  local has, left = {}, {}
  for _, pair in ipairs(list) do has[pair.stem.name] = true end
  for _, stem in ipairs((names or gone > 0) and take.stems or {}) do
    local meant = not names or names[stem.name]
    if stem.variation == 0 and meant and not has[stem.name] then left[#left + 1] = stem end
  end
  return left
end

local function renew_all(reaper, target, take, list, found, placed)
  for number, pair in ipairs(list) do
    local name = ("%s take %d"):format(pair.stem.name, reaper.CountTakes(pair.item) + 1)
    local fresh = laying.renew(reaper, pair.item, found[number], name, note_of(target, take, pair.stem))
    table.insert(placed.items, pair.item)
    table.insert(placed.takes, fresh)
  end
end

local function settle(reaper, target, take, stems, found, placed)
  if #stems == 0 then return end
  add_tracks(reaper, target, take, rows(stems, found), {}, nil, placed)
  local names = {}
  for number, stem in ipairs(stems) do names[number] = stem.name end
  table.insert(placed.notes, "Deleted meanwhile, so it is on a new track: " .. table.concat(names, ", ") .. ".")
end

--- Adds a take to each item that a stem of a finished job belongs to, and makes it the active one; the takes before stay.
--- Stems whose items were deleted meanwhile get tracks of their own, and the notes say so. `names` is a set of stems, nil
--- for all. {project, items, takes, skipped = items that are gone, notes}; nil and a problem, `items_gone` when there is
--- nothing left to do.
function place.new_takes(reaper, target, items, take, names)
  if not memory.is_open(reaper, target.project) then return nil, CLOSED end
  local list, gone = pairs_of(reaper, target.project, items, take, names)
  local left, stems = homeless(take, names, list, gone), {}
  for number, pair in ipairs(list) do stems[number] = pair.stem end
  table.move(left, 1, #left, #stems + 1, stems)
  if #stems == 0 then return nil, GONE end
  local found, trouble = laying.sources(reaper, stems)
  if not found then return nil, trouble end
  return laying.as_one_step(reaper, target.project, "twopop: new take of " .. take.job, function()
    local placed = new_placed(target)
    placed.skipped = gone
    renew_all(reaper, target, take, list, found, placed)
    settle(reaper, target, take, left, table.move(found, #list + 1, #found, 1, {}), placed)
    return placed
  end)
end

--- Builds a little of the peaks of what was placed; whether there is more to do. A take may be gone by then, undone or
--- deleted, and its source with it.
function place.peaks(reaper, placed)
  local take = placed.takes[#placed.takes]
  if not take or not memory.is_open(reaper, placed.project) then return false end
  local there = reaper.ValidatePtr2(placed.project, take, "MediaItem_Take*")
  local source = there and reaper.GetMediaItemTake_Source(take)
  local left = source and reaper.PCM_Source_BuildPeaks(source, placed.building == take and 1 or 0) or 0
  if left == 0 then
    if source and placed.building == take then reaper.PCM_Source_BuildPeaks(source, 2) end
    table.remove(placed.takes)
    reaper.UpdateArrange()
  end
  placed.building = take
  return #placed.takes > 0
end

return place
