-- The panel's part about a job: how far it is, what went wrong and what to do, and what came of it.
local say = require "twopop.say"

local job = {}

--- Draws a session's state and its problem, with what can be done about it.
function job.draw_state(kit, session)
  local state, problem = session:state(), session:problem()
  kit:text(say.state(state), (state == "done" or state == "ready") and "good" or problem and "bad" or "dim")
  if problem then kit:text(say.problem(problem), "bad") end
  local way = session.connection.state
  if way == "failed" or way == "refused" then
    if kit:button("Try again") then session.connection:retry() end
  elseif way == "gone" then
    if kit:button("Start twopop") then session.connection:start() end
  end
end

--- Draws the job that runs, with a way to stop it. True while there is one.
function job.draw_running(kit, session, entry)
  if not entry or (entry.state ~= "scoring" and entry.state ~= "placing") then return false end
  local take = entry.take
  kit:progress(take and take.fraction or 0, take and say.progress(take) or "waiting for twopop")
  if kit:button("Cancel", entry.cancelling) then session:cancel(entry) end
  return true
end

--- Draws what came of a finished job.
function job.draw_result(kit, entry)
  local take = entry and entry.take
  if not take or entry.state ~= "done" then return end
  kit:text(say.stems(take), "good")
  kit:text(say.hits(take.hits), "dim")
  for _, note in ipairs(type(entry.result) == "table" and entry.result.notes or {}) do kit:text(note, "dim") end
end

return job
