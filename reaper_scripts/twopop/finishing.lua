-- What each kind of job ends with: stems on new tracks, new takes on items that are there, or only a list.
local place = require "twopop.place"

local finishing = {}

--- Stems on tracks of their own.
function finishing.place(reaper, entry)
  local target = { project = entry.project, range = entry.range, request = entry.request }
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
