-- What stays with a project: on every item what made it, and in the project every job that was asked from it.
-- JSON texts in P_EXT and in the project's extension state; what cannot be read any more counts as absent.
local json = require "twopop.json"

local memory = {}

local SECTION, EXTENSION = "twopop", "P_EXT:twopop"
local VERSION = 1
local MOST = 200 -- jobs that a project remembers; the oldest that are over go first
local OPEN = { scoring = true, placing = true }

local function read(text)
  local value = text ~= "" and json.read(text) or nil
  return type(value) == "table" and value.version == VERSION and value or nil
end

-- A line of a project file has three kinds of quotes to choose from; a text must not need all of them. The two that are
-- not JSON's own only stand inside of its strings, where they may be written as numbers.
local QUOTES = { ["'"] = "\\u0027", ["`"] = "\\u0060" }

local function write(value)
  value.version = VERSION
  return (json.write(value):gsub("['`]", QUOTES))
end

--- Whether a project's tab is still open.
function memory.is_open(reaper, project)
  return reaper.ValidatePtr2(0, project, "ReaProject*")
end

-- -- items and takes --------------------------------------------------------------------------

--- What made an item: {job, stem, variation, request, range, sample_rate, folder} of its active take, else of the item.
function memory.of_item(reaper, item)
  local take = reaper.GetActiveTake(item)
  if take then
    local _, text = reaper.GetSetMediaItemTakeInfo_String(take, EXTENSION, "", false)
    local note = read(text)
    if note then return note end
  end
  local _, text = reaper.GetSetMediaItemInfo_String(item, EXTENSION, "", false)
  return read(text)
end

--- Writes onto an item what made it; inside an undo block.
function memory.keep_item(reaper, item, note)
  reaper.GetSetMediaItemInfo_String(item, EXTENSION, write(note), true)
end

--- Writes onto a take what made it; inside an undo block.
function memory.keep_take(reaper, take, note)
  reaper.GetSetMediaItemTakeInfo_String(take, EXTENSION, write(note), true)
end

--- An item's own id, by which it is found again.
function memory.guid(reaper, item)
  local _, guid = reaper.GetSetMediaItemInfo_String(item, "GUID", "", false)
  return guid
end

-- Items of a project by their ids; those that were deleted are left out.
local function items_of(reaper, project, guids)
  local wanted, found = {}, {}
  for _, guid in ipairs(guids) do wanted[guid] = true end
  for number = 0, reaper.CountMediaItems(project) - 1 do
    local item = reaper.GetMediaItem(project, number)
    if wanted[memory.guid(reaper, item)] then found[#found + 1] = item end
  end
  return found
end

-- -- jobs of a project ------------------------------------------------------------------------

local function key(job)
  return "job/" .. job
end

local function stored(reaper, project)
  local records, number = {}, 0
  while true do
    local more, name, text = reaper.EnumProjExtState(project, SECTION, number)
    if not more then break end
    local record = name:find("^job/") and read(text)
    if record and type(record.job) == "string" then records[#records + 1] = record end
    number = number + 1
  end
  table.sort(records, function(one, other)
    if one.number ~= other.number then return (one.number or 0) < (other.number or 0) end
    return one.job < other.job
  end)
  return records
end

local function keep(reaper, project, record)
  reaper.SetProjExtState(project, SECTION, key(record.job), write(record))
end

local function forget_oldest(reaper, project, records)
  for _, record in ipairs(records) do
    if #records <= MOST then return end
    if not OPEN[record.state] then
      reaper.SetProjExtState(project, SECTION, key(record.job), "")
      return
    end
  end
end

--- Writes a job down in its project, so that whoever opens the panel next picks it up.
function memory.remember_job(reaper, project, entry)
  local records, guids = stored(reaper, project), json.array {}
  for place, item in ipairs(entry.items or {}) do guids[place] = memory.guid(reaper, item) end
  local number = 0
  for _, record in ipairs(records) do
    if record.job == entry.job then return end
    number = math.max(number, record.number or 0)
  end
  keep(reaper, project, {
    job = entry.job, number = number + 1, state = "scoring", kind = entry.kind, request = entry.request, range = entry.range,
    options = entry.options, names = entry.names, items = guids,
  })
  forget_oldest(reaper, project, records)
end

--- Writes down how a job ended, and where its take lies.
function memory.finish_job(reaper, project, job, state, folder)
  if not memory.is_open(reaper, project) then return end
  local _, text = reaper.GetProjExtState(project, SECTION, key(job))
  local record = read(text)
  if not record then return end
  record.state, record.folder = state, folder or record.folder
  keep(reaper, project, record)
end

--- Every job of a project, in the order they were asked.
function memory.jobs(reaper, project)
  return stored(reaper, project)
end

--- The record of one job; nil where the project knows none.
function memory.job(reaper, project, job)
  local _, text = reaper.GetProjExtState(project, SECTION, key(job))
  return read(text)
end

--- Jobs that were asked and not placed yet, their items looked up again.
function memory.pending(reaper, project)
  local open = {}
  for _, record in ipairs(stored(reaper, project)) do
    if OPEN[record.state] then
      record.items = items_of(reaper, project, record.items or {})
      open[#open + 1] = record
    end
  end
  return open
end

return memory
