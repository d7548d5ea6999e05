-- What picture the project shows: video items of all tracks, through sections, loops, play rates and reversal.
--
-- The rule where items lie over each other is REAPER's own: the track with the lower number is seen, on one track the
-- item that begins later. Muted items and tracks, and lanes that do not play, are not seen; what REAPER's video
-- processors make of a picture is not known here. Times are seconds; a stretch shows its file from `begin` on, or
-- backwards from its end.
local files = require "twopop.files"
local slices = require "twopop.slices"

local sources = {}

local TINY = 1e-7 -- seconds under which a stretch is none
local MOST = 5000 -- stretches in a range, against items that loop a frame for hours
local LANES = 2 -- I_FREEMODE of a track with fixed lanes

-- Pictures that stand still have no time of their own: every moment of them is the first. A .gif may move.
local STILL = { png = true, jpg = true, jpeg = true, bmp = true, tif = true, tiff = true, webp = true, tga = true }

-- The file under a source, and the sections on the way to it, outermost first.
local function unwrapped(reaper, source)
  local sections = {}
  while source do
    local parent = reaper.GetMediaSourceParent(source)
    if not parent then break end
    local is_section, offset, length, reversed = reaper.PCM_Source_GetSectionInfo(source)
    if is_section then sections[#sections + 1] = { offset = offset, length = length, reversed = reversed } end
    source = parent
  end
  return source, sections
end

-- Shows on the file the stretch [begin, begin + size) of the outermost section; `backwards` so far.
local function through(sections, begin, size, backwards)
  for _, section in ipairs(sections) do
    if section.reversed then
      begin, backwards = section.offset + section.length - begin - size, not backwards
    else
      begin = section.offset + begin
    end
  end
  return begin, backwards
end

local function is_still(path)
  local ending = files.name(path):match("%.([^.]+)$")
  return STILL[(ending or ""):lower()] or false
end

-- Whether an item lies in a range and is shown; `lanes` where its track has lanes, of which some may not play.
local function shown(reaper, item, lanes, start, stop)
  local position = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
  if position >= stop or position + reaper.GetMediaItemInfo_Value(item, "D_LENGTH") <= start then return false end
  if reaper.GetMediaItemInfo_Value(item, "B_MUTE") > 0 then return false end
  return not lanes or reaper.GetMediaItemInfo_Value(item, "C_LANEPLAYS") > 0
end

-- What an item shows of which file, nil when it is no video.
local function read_item(reaper, item)
  local take = reaper.GetActiveTake(item)
  local outer = take and reaper.GetMediaItemTake_Source(take)
  if not outer then return nil end
  local file, sections = unwrapped(reaper, outer)
  if not file or reaper.GetMediaSourceType(file) ~= "VIDEO" then return nil end
  local length, in_quarters = reaper.GetMediaSourceLength(outer)
  local path = reaper.GetMediaSourceFileName(file)
  return {
    path = path, still = is_still(path),
    position = reaper.GetMediaItemInfo_Value(item, "D_POSITION"),
    length = reaper.GetMediaItemInfo_Value(item, "D_LENGTH"),
    offset = reaper.GetMediaItemTakeInfo_Value(take, "D_STARTOFFS"),
    speed = reaper.GetMediaItemTakeInfo_Value(take, "D_PLAYRATE"),
    loops = reaper.GetMediaItemInfo_Value(item, "B_LOOPSRC") > 0,
    source_length = not in_quarters and length or 0,
    sections = sections,
  }
end

-- The stretches of one item inside [start, stop), cut where its source begins again.
local function stretches(item, start, stop, add, full)
  local now, last = math.max(start, item.position), math.min(stop, item.position + item.length)
  if item.still then
    return add { path = item.path, start = now, stop = last, begin = 0.0, speed = 1.0, reversed = false, still = true }
  end
  while last - now >= TINY and not full() do
    slices.rest()
    local place = item.offset + (now - item.position) * item.speed
    local left = math.huge
    if item.source_length > 0 then
      if item.loops then
        place = place % item.source_length
        if item.source_length - place < TINY * item.speed then place = 0 end
      elseif place >= item.source_length - TINY then
        return
      end
      left = (item.source_length - place) / item.speed
    end
    local until_ = math.min(last, now + left)
    if place < 0 then -- before the source begins there is nothing to see
      now = math.min(last, now - place / item.speed)
    else
      local begin, backwards = through(item.sections, place, (until_ - now) * item.speed, false)
      add { path = item.path, start = now, stop = until_, begin = begin, speed = item.speed, reversed = backwards }
      now = until_
    end
  end
end

local function is_many(found)
  return #found > MOST
end

-- The stretches of one track; false when they become too many.
local function of_track(reaper, track, start, stop, found)
  local lanes = reaper.GetMediaTrackInfo_Value(track, "I_FREEMODE") == LANES
  local function add(stretch) found[#found + 1] = stretch end
  for place = 0, reaper.CountTrackMediaItems(track) - 1 do
    slices.rest()
    local item = reaper.GetTrackMediaItem(track, place)
    local read = shown(reaper, item, lanes, start, stop) and read_item(reaper, item)
    if read then stretches(read, start, stop, add, function() return is_many(found) end) end
    if is_many(found) then return false end
  end
  return true
end

-- Every stretch of the project inside the range; later ones lie above earlier ones. Nil when they are too many.
local function all(reaper, project, start, stop)
  local found = {}
  for number = reaper.CountTracks(project) - 1, 0, -1 do
    local track = reaper.GetTrack(project, number)
    local heard = reaper.GetMediaTrackInfo_Value(track, "B_MUTE") == 0
    if heard and not of_track(reaper, track, start, stop, found) then return nil end
  end
  return found
end

--- The part of a stretch inside [start, stop).
function sources.cut(stretch, start, stop)
  local first, last = math.max(stretch.start, start), math.min(stretch.stop, stop)
  local skipped = stretch.reversed and stretch.stop - last or first - stretch.start
  if stretch.still then skipped = 0 end
  return {
    path = stretch.path, start = first, stop = last, begin = stretch.begin + skipped * stretch.speed,
    speed = stretch.speed, reversed = stretch.reversed, still = stretch.still,
  }
end

local function borders(found)
  local list = {}
  for _, stretch in ipairs(found) do
    slices.rest()
    list[#list + 1] = stretch.start
    list[#list + 1] = stretch.stop
  end
  table.sort(list)
  return list
end

-- Whether the second goes on where the first ends, so that no cut is seen.
local function goes_on(one, other)
  if one.path ~= other.path or one.speed ~= other.speed or one.reversed ~= other.reversed then return false end
  if math.abs(one.stop - other.start) > TINY then return false end
  if one.still then return true end
  local size = (one.stop - one.start) * one.speed
  local wanted = one.reversed and one.begin - (other.stop - other.start) * one.speed or one.begin + size
  return math.abs(wanted - other.begin) < TINY
end

local function joined(row, stretch)
  local last = row[#row]
  if not last or not goes_on(last, stretch) then
    row[#row + 1] = stretch
    return
  end
  last.begin = math.min(last.begin, stretch.begin)
  last.stop = stretch.stop
end

-- Lists of stretches by where they begin, each with how high it lies.
local function by_start(found)
  local lists = {}
  for height, stretch in ipairs(found) do
    slices.rest()
    local list = lists[stretch.start] or {}
    lists[stretch.start] = list
    list[#list + 1] = { stretch = stretch, height = height }
  end
  return lists
end

-- The highest of those that reach over [from, to); what ended before is forgotten, so that long ranges stay quick.
local function highest(open, from, to)
  local top, left = nil, {}
  for _, one in ipairs(open) do
    if one.stretch.stop > from + TINY then
      left[#left + 1] = one
      local covers = one.stretch.start <= from + TINY and one.stretch.stop >= to - TINY
      if covers and (not top or one.height > top.height) then top = one end
    end
  end
  return top and top.stretch, left
end

--- What is seen in [start, stop) of a project's time: stretches in order, without what is hidden. Holes are black.
--- Nil when there are more than can be told.
function sources.seen(reaper, project, start, stop)
  local found = all(reaper, project, start, stop)
  if not found then return nil end
  local edges, waiting, open, row = borders(found), by_start(found), {}, {}
  for number = 1, #edges - 1 do
    slices.rest()
    local from, to = edges[number], edges[number + 1]
    for _, one in ipairs(waiting[from] or {}) do open[#open + 1] = one end
    waiting[from] = nil
    if to - from > TINY then
      local top
      top, open = highest(open, from, to)
      if top then joined(row, sources.cut(top, from, to)) end
    end
  end
  return row
end

return sources
