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

--- What is said where it is not.
memory.CLOSED = {
  code = "project_closed", text = "The project that this was asked from is closed.", remedy = "Open it and the panel again.",
}

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

local STATE, TAIL = '"state":"(%l+)"', 60 -- keys are sorted: it stands near the end, behind what may be long

-- Jobs of a project in the order they were asked: {job, number, state, text}. A text is read only by who needs what is
-- in it, for two hundred of them take longer than a turn may.
local function lines(reaper, project)
  local list, number = {}, 0
  while true do
    local more, name, text = reaper.EnumProjExtState(project, SECTION, number)
    if not more then break end
    if name:find("^job/") and text ~= "" then
      local order = math.tointeger(tonumber(text:match('"number":(%d+)'))) or 0
      local state = text:match(STATE, -TAIL) or text:match(STATE)
      list[#list + 1] = { job = name:sub(5), number = order, state = state, text = text }
    end
    number = number + 1
  end
  table.sort(list, function(one, other)
    if one.number ~= other.number then return one.number < other.number end
    return one.job < other.job
  end)
  return list
end

-- A job's record; nil where its text is damaged.
local function record_of(text)
  local record = read(text)
  return record and type(record.job) == "string" and record or nil
end

local function keep(reaper, project, record)
  reaper.SetProjExtState(project, SECTION, key(record.job), write(record))
end

local function forget_oldest(reaper, project, known)
  for _, line in ipairs(known) do
    if #known <= MOST then return end
    if not OPEN[line.state] then
      reaper.SetProjExtState(project, SECTION, key(line.job), "")
      return
    end
  end
end

--- Writes a job down in its project, so that whoever opens the panel next picks it up.
function memory.remember_job(reaper, project, entry)
  if memory.job(reaper, project, entry.job) then return end
  local known, guids = lines(reaper, project), json.array {}
  for place, item in ipairs(entry.items or {}) do guids[place] = memory.guid(reaper, item) end
  local number = #known > 0 and known[#known].number or 0
  keep(reaper, project, {
    job = entry.job, number = number + 1, state = "scoring", kind = entry.kind, request = entry.request, range = entry.range,
    options = entry.options, names = entry.names, items = guids,
  })
  forget_oldest(reaper, project, known)
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

--- Jobs of a project in the order they were asked, the last `most` of them; all without it. `by_text` is a table in which
--- records are kept by their texts, for who asks often.
function memory.jobs(reaper, project, most, by_text)
  local known, records = lines(reaper, project), {}
  for place = math.max(1, #known - (most or #known) + 1), #known do
    local text = known[place].text
    local record = by_text and by_text[text] or record_of(text)
    records[#records + 1] = record
    if by_text then by_text[text] = record end
  end
  return records
end

--- The record of one job; nil where the project knows none.
function memory.job(reaper, project, job)
  local _, text = reaper.GetProjExtState(project, SECTION, key(job))
  return read(text)
end

--- Jobs that were asked and not placed yet, their items looked up again.
function memory.pending(reaper, project)
  local open = {}
  for _, line in ipairs(lines(reaper, project)) do
    local record = OPEN[line.state] and record_of(line.text)
    if record then
      record.items = items_of(reaper, project, record.items or {})
      open[#open + 1] = record
    end
  end
  return open
end

return memory
