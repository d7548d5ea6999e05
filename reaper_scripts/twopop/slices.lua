-- Long work a part at a time, so that no turn of REAPER's waits for it: work says at every step where it may rest, and
-- rests there when its part of the turn is used up. Outside of such a part resting does nothing.
local slices = {}

local PART = 0.003 -- seconds of a turn; os.clock counts all threads on some systems, then parts are only shorter
local EACH = 16 -- steps between two looks at the clock

local began -- when the part that runs now began; nil while none runs
local steps = 0

--- A step of long work; the next turn goes on from here when this one has done enough.
function slices.rest()
  if not began then return end
  steps = steps + 1
  if steps >= EACH then
    steps = 0
    if os.clock() - began >= PART then coroutine.yield() end
  end
end

--- Work to be gone on with: a function that does a part, and says whether it is done and then what the work returned.
--- An error in the work is an error of that part.
function slices.of(work, ...)
  local thread, given = coroutine.create(work), table.pack(...)
  return function()
    local outer = began
    began = os.clock()
    local found = table.pack(coroutine.resume(thread, table.unpack(given, 1, given.n)))
    began = outer
    if not found[1] then error(found[2], 0) end
    if coroutine.status(thread) ~= "dead" then return false end
    return true, table.unpack(found, 2, found.n)
  end
end

return slices
