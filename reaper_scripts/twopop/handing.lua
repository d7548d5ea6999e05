-- What one script hands to another that may be open: a word in REAPER's ExtState, taken by whoever reads it. It is
-- gone when REAPER ends.
local json = require "twopop.json"

local handing = {}

local SECTION = "twopop"
local ALIVE = 1.0 -- seconds after which a panel that says nothing is closed
local CLAIM = 4.0 -- seconds after which a job that nobody looks after is anybody's

--- Hands something to the panel: `name` is restore or use.
function handing.give(reaper, name, value)
  reaper.SetExtState(SECTION, name, json.write(value), false)
end

--- What was handed over, once; nil when nothing was.
function handing.take(reaper, name)
  local text = reaper.GetExtState(SECTION, name)
  if text == "" then return nil end
  reaper.DeleteExtState(SECTION, name, false)
  local value = json.read(text)
  return type(value) == "table" and value or nil
end

--- Says that a panel is open; in every turn.
function handing.live(reaper)
  reaper.SetExtState(SECTION, "alive", ("%.3f"):format(reaper.time_precise()), false)
end

--- Says that the panel is closed.
function handing.leave(reaper)
  reaper.DeleteExtState(SECTION, "alive", false)
end

--- Whether a panel is open.
function handing.is_live(reaper)
  local said = tonumber(reaper.GetExtState(SECTION, "alive"))
  return said ~= nil and math.abs(reaper.time_precise() - said) < ALIVE
end

local function claim_of(job)
  return "claim/" .. job
end

--- Says that a session looks after a job; every now and then, while it does.
function handing.claim(reaper, job, owner)
  reaper.SetExtState(SECTION, claim_of(job), ("%s %.3f"):format(owner, reaper.time_precise()), false)
end

--- Leaves a job to others.
function handing.release(reaper, job)
  reaper.DeleteExtState(SECTION, claim_of(job), false)
end

--- Whether another session that is alive looks after a job: its result would otherwise be placed twice.
function handing.is_claimed(reaper, job, owner)
  local who, at = reaper.GetExtState(SECTION, claim_of(job)):match("^(%S+) (%S+)$")
  return who ~= nil and who ~= owner and math.abs(reaper.time_precise() - tonumber(at)) < CLAIM
end

return handing
