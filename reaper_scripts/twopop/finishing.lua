-- What each kind of job ends with: stems on new tracks, new takes on items that are there, or only a list.
local card = require "twopop.card"
local notation = require "twopop.notation"
local place = require "twopop.place"

local finishing = {}

--- What a finished job needs before it is placed, a little each turn: whether all is there.
function finishing.prepare(_, entry)
  if entry.kind ~= "place" or not notation.wanted(entry.options) then return true end
  entry.reading = entry.reading or card.reader(entry.take.folder)
  local done, found = entry.reading()
  entry.card = found
  return done
end

--- Stems on tracks of their own.
function finishing.place(reaper, entry)
  local target = { project = entry.project, range = entry.range, request = entry.request, card = entry.card }
  return place.take(reaper, target, entry.take, entry.options)
end

--- New takes on the items that the job was asked from.
function finishing.takes(reaper, entry)
  local target = { project = entry.project, range = entry.range, request = entry.request }
  return place.new_takes(reaper, target, entry.items, entry.take, entry.names)
end

--- References to listen to; nothing is placed.
function finishing.audition(_, entry)
  return entry.take
end

--- Work that goes on after a job is done, a little each turn: whether there is more.
function finishing.after(reaper, entry)
  return entry.kind ~= "audition" and place.peaks(reaper, entry.result)
end

return finishing
