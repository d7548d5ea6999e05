-- From selected items to requests: regenerate stems or a region of them, make a variation, find the cue they belong
-- to. Every request keeps what the item was made with and changes only what the action is about.
local chance = require "twopop.chance"
local json = require "twopop.json"
local memory = require "twopop.memory"
local rates = require "twopop.rates"

local actions = {}

-- Controls that say what is made anew of what; a new action says them again.
local REWORK = { base = true, redo = true, stems = true, seed = true, variations = true, audition = true }

local function problem(code, text, remedy)
  return { code = code, text = text, remedy = remedy }
end

local NONE = problem("no_item", "No item that twopop made is selected.", "Select one or more stems of a cue.")

--- Selected items that twopop made: {{item, note}...}; nil and a problem.
function actions.picked(reaper, project)
  local list = {}
  for number = 0, reaper.CountSelectedMediaItems(project) - 1 do
    local item = reaper.GetSelectedMediaItem(project, number)
    local note = memory.of_item(reaper, item)
    if note then list[#list + 1] = { item = item, note = note } end
  end
  if #list == 0 then return nil, NONE end
  return list
end

-- The take that an item plays, as control `base` names it.
local function base_of(note)
  return note.variation > 0 and ("%s:%d"):format(note.job, note.variation + 1) or note.job
end

-- Items by the take that they belong to, in the order of their first appearance.
local function by_base(picked)
  local groups, known = {}, {}
  for _, one in ipairs(picked) do
    local base = base_of(one.note)
    if not known[base] then
      known[base] = { base = base, note = one.note, items = {}, names = {}, stems = {} }
      groups[#groups + 1] = known[base]
    end
    local group = known[base]
    group.items[#group.items + 1] = one.item
    if not group.names[one.note.stem] then
      group.names[one.note.stem] = true
      group.stems[#group.stems + 1] = one.note.stem
    end
  end
  return groups
end

-- The request that something was made with, under a new job; `drops` names the controls that are left out.
local function again(reaper, was, drops, more)
  local controls = {}
  for _, pair in ipairs(was.controls or {}) do
    if not drops[pair[1]] then controls[#controls + 1] = { pair[1], pair[2] } end
  end
  for _, pair in ipairs(more) do controls[#controls + 1] = pair end
  return {
    job = chance.job(reaper), media = was.media, first = was.first, stop = was.stop, rate = was.rate,
    controls = controls,
  }
end

local function entry(project, group, request)
  return {
    job = request.job, kind = "takes", kept = true, project = project, request = request, range = group.note.range,
    items = group.items, names = group.names, options = {},
  }
end

-- Controls that ask for a group's stems anew, and nothing else of its cue.
local function anew(reaper, group)
  return { { "base", group.base }, { "stems", table.concat(group.stems, ",") }, { "seed", chance.seed(reaper) } }
end

--- Selected stems anew, everything else of their cue as it is: entries for a session, one for each cue.
function actions.stems(reaper, project)
  local picked, trouble = actions.picked(reaper, project)
  if not picked then return nil, trouble end
  local list = {}
  for number, group in ipairs(by_base(picked)) do
    list[number] = entry(project, group, again(reaper, group.note.request, REWORK, anew(reaper, group)))
  end
  return list
end

-- The frame of the request's clock that lies under an instant of the project, where the item plays it.
local function frame_under(reaper, one, seconds)
  local item, note = one.item, one.note
  local take = reaper.GetActiveTake(item)
  local into = (seconds - reaper.GetMediaItemInfo_Value(item, "D_POSITION"))
    * reaper.GetMediaItemTakeInfo_Value(take, "D_PLAYRATE") + reaper.GetMediaItemTakeInfo_Value(take, "D_STARTOFFS")
  local request = note.request
  return math.max(request.first, math.min(request.stop, request.first + rates.frame_at(into, request.rate)))
end

--- The selected items' stretch under the time selection anew: entries for a session, one for each cue.
function actions.region(reaper, project)
  local picked, trouble = actions.picked(reaper, project)
  if not picked then return nil, trouble end
  local start, stop = reaper.GetSet_LoopTimeRange2(project, false, false, 0, 0, false)
  local list = {}
  for _, group in ipairs(by_base(picked)) do
    local one = { item = group.items[1], note = group.note }
    local first, last = frame_under(reaper, one, start), frame_under(reaper, one, stop)
    if last > first then
      local more = anew(reaper, group)
      table.insert(more, { "redo", ("%d:%d"):format(first, last) })
      list[#list + 1] = entry(project, group, again(reaper, group.note.request, REWORK, more))
    end
  end
  if #list > 0 then return list end
  return nil, problem("no_region", "The time selection lies beside the selected items.", "Select a part of them.")
end

-- The cue that an item was placed for, whatever its takes became since.
local function cue_of(reaper, item)
  local _, text = reaper.GetSetMediaItemInfo_String(item, "P_EXT:twopop", "", false)
  local note = text ~= "" and json.read(text)
  return type(note) == "table" and note.job or nil
end

-- Every item of a project that was placed for the same cue.
local function items_like(reaper, project, item)
  local items, cue = {}, cue_of(reaper, item)
  for number = 0, reaper.CountMediaItems(project) - 1 do
    local other = reaper.GetMediaItem(project, number)
    if other == item or cue and cue_of(reaper, other) == cue then items[#items + 1] = other end
  end
  return items
end

local ONLY_SEED = { seed = true, variations = true, audition = true }

--- The cue of the first selected item once more with another seed, as new takes of all its items: entries.
function actions.variation(reaper, project)
  local picked, trouble = actions.picked(reaper, project)
  if not picked then return nil, trouble end
  local note, reworked = picked[1].note, false
  for _, pair in ipairs(note.request.controls or {}) do reworked = reworked or pair[1] == "base" end
  local request = again(reaper, note.request, reworked and REWORK or ONLY_SEED, { { "seed", chance.seed(reaper) } })
  local one = entry(project, { note = note, items = items_like(reaper, project, picked[1].item) }, request)
  return { one }
end

--- The folder of the selected item's take, else of the last cue of the project; nil and a problem.
function actions.folder(reaper, project)
  local picked = actions.picked(reaper, project)
  if picked then return picked[1].note.folder end
  local folder
  for _, record in ipairs(memory.jobs(reaper, project)) do
    if record.state == "done" then folder = record.folder or folder end
  end
  if folder then return folder end
  return nil, problem("no_cue", "This project has no cue yet.", "Select an item that twopop made, or score something.")
end

--- What an item was asked with, for the panel: {job, request}; nil and a problem.
function actions.settings(reaper, project)
  local picked, trouble = actions.picked(reaper, project)
  if not picked then return nil, trouble end
  return { job = picked[1].note.job, request = picked[1].note.request }
end

return actions
