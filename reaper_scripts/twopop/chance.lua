-- Chance for seeds and names, from REAPER's own unique ids: Lua 5.3 would roll the same dice at every start.
local chance = {}

local MOST_SEED = 2147483647

local function digits(reaper)
  return (reaper.genGuid():gsub("[^%x]", ""):lower())
end

--- A seed for the server: 1 to 2147483647, never the default 0.
function chance.seed(reaper)
  return tonumber(digits(reaper):sub(-8), 16) % MOST_SEED + 1
end

--- A name for a job that no other has: reaper-20261123-093000-4f1a2b.
function chance.job(reaper)
  return ("reaper-%s-%s"):format(os.date("%Y%m%d-%H%M%S"), digits(reaper):sub(-6))
end

return chance
