-- What picture the project shows: video items of all tracks, through sections, loops, play rates and reversal.
--
-- Muted items and tracks are not seen. Where items lie over each other the topmost track is seen, and on one track
-- the item that begins later. Times are seconds; a stretch shows its file from `begin` on, or backwards from its end.
local sources = {}

local TINY = 1e-7 -- seconds under which a stretch is none
local MOST = 2000 -- stretches, against items that loop a frame for hours

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

local function seen_item(reaper, item)
  local track = reaper.GetMediaItem_Track(item)
  if reaper.GetMediaItemInfo_Value(item, "B_MUTE") > 0 or reaper.GetMediaTrackInfo_Value(track, "B_MUTE") > 0 then
    return nil
  end
  local take = reaper.GetActiveTake(item)
  local outer = take and reaper.GetMediaItemTake_Source(take)
  if not outer then return nil end
  local file, sections = unwrapped(reaper, outer)
  if not file or reaper.GetMediaSourceType(file) ~= "VIDEO" then return nil end
  local length, in_quarters = reaper.GetMediaSourceLength(outer)
  return {
    path = reaper.GetMediaSourceFileName(file),
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
local function stretches(item, start, stop, add)
  local now, last = math.max(start, item.position), math.min(stop, item.position + item.length)
  for _ = 1, MOST do
    if last - now < TINY then return end
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

-- Every stretch of the project inside the range; later ones lie above earlier ones.
local function all(reaper, project, start, stop)
  local found = {}
  for number = reaper.CountTracks(project) - 1, 0, -1 do
    local track = reaper.GetTrack(project, number)
    for place = 0, reaper.CountTrackMediaItems(track) - 1 do
      local item = seen_item(reaper, reaper.GetTrackMediaItem(track, place))
      if item then stretches(item, start, stop, function(stretch) found[#found + 1] = stretch end) end
    end
  end
  return found
end

--- The part of a stretch inside [start, stop).
function sources.cut(stretch, start, stop)
  local first, last = math.max(stretch.start, start), math.min(stretch.stop, stop)
  local skipped = stretch.reversed and stretch.stop - last or first - stretch.start
  return {
    path = stretch.path, start = first, stop = last, begin = stretch.begin + skipped * stretch.speed,
    speed = stretch.speed, reversed = stretch.reversed,
  }
end

local function borders(found)
  local list = {}
  for _, stretch in ipairs(found) do
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

--- What is seen in [start, stop) of a project's time: stretches in order, without what is hidden. Holes are black.
function sources.seen(reaper, project, start, stop)
  local found, row = all(reaper, project, start, stop), {}
  local edges = borders(found)
  for number = 1, #edges - 1 do
    local from, to = edges[number], edges[number + 1]
    local top
    for _, stretch in ipairs(found) do
      if to - from > TINY and stretch.start <= from + TINY and stretch.stop >= to - TINY then top = stretch end
    end
    if top then joined(row, sources.cut(top, from, to)) end
  end
  return row
end

return sources
