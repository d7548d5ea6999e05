-- What a script does with the server from opening to closing: the table of controls, jobs that run, and what is done
-- with each when it is finished. A job belongs to the project that it was asked from, and is written down there, so
-- that the next session picks it up when this one is closed half-way. One `tick` per defer; nothing waits.
local connection = require "twopop.connection"
local handing = require "twopop.handing"
local memory = require "twopop.memory"

local session = {}

local OPEN = { scoring = true, placing = true }
local RESTART = 8.0 -- seconds that a server may be gone while we wait for a job, before it is started again

local Session = {}
Session.__index = Session

--- A session: {finish = {kind = function(reaper, entry) -> result | nil, problem}}: what each kind of job ends with, what
--- `finish.prepare(reaper, entry)` does before until it says true, and what `finish.after(reaper, entry)` goes on with
--- until it says false.
function session.new(reaper, options)
  local self = setmetatable({
    reaper = reaper, entries = {}, finish = options.finish, rows = nil, owner = reaper.genGuid(), claimed = -math.huge,
  }, Session)
  self.connection = connection.new(reaper, { on_up = function(link) self:_connected(link) end })
  return self
end

-- A server answers: ask what it takes, and ask again for whatever is open.
function Session:_connected(link)
  link:controls(function(rows) self.rows = rows end)
  for _, entry in ipairs(self.entries) do
    if OPEN[entry.state] then self:_pursue(link, entry) end
  end
end

function Session:_pursue(link, entry)
  local on_change = function(take) self:_heard(entry, take) end
  if entry.request then link:score(entry.request, on_change) else link:follow(entry.job, on_change) end
  if entry.cancelling then link:cancel(entry.job) end
end

local ENDS = { done = "placing", failed = "failed", cancelled = "cancelled" }

function Session:_heard(entry, take)
  entry.take = take
  if not OPEN[entry.state] then return end
  entry.state = ENDS[take.state] or "scoring"
  if take.error then entry.problem = { code = take.error.code, text = take.error.text, remedy = "" } end
  if not OPEN[entry.state] then self:_over(entry) end
end

function Session:_over(entry)
  if not entry.kept then return end
  handing.release(self.reaper, entry.job)
  memory.finish_job(self.reaper, entry.project, entry.job, entry.state, entry.take and entry.take.folder)
end

--- Asks for a job: {job, project, request or nil to follow one that runs, range, kind, options, items ...}. With
--- `kept` it is written down in the project. The entry, whose `state` is scoring, placing, done, failed or cancelled.
function Session:add(entry)
  entry.state, entry.take, entry.problem = "scoring", nil, nil
  self.entries[#self.entries + 1] = entry
  if entry.kept then
    memory.remember_job(self.reaper, entry.project, entry)
    handing.claim(self.reaper, entry.job, self.owner)
  end
  if self.connection.state == "up" then
    self:_pursue(self.connection.link, entry)
  elseif self.connection.state == "failed" then
    self.connection:retry()
  end
  return entry
end

--- Takes up what was asked from a project, is not placed yet, and nobody else waits for; how many jobs these are.
function Session:resume(project)
  local count = 0
  for _, record in ipairs(memory.pending(self.reaper, project)) do
    if not self:entry(record.job) and not handing.is_claimed(self.reaper, record.job, self.owner) then
      record.project, record.kept, record.resumed = project, true, true
      self:add(record)
      count = count + 1
    end
  end
  return count
end

--- The entry of a job, nil where this session does not know it.
function Session:entry(job)
  for _, entry in ipairs(self.entries) do
    if entry.job == job then return entry end
  end
  return nil
end

--- The entry that was asked for last; nil before the first.
function Session:latest()
  return self.entries[#self.entries]
end

--- Whether any job is not over yet.
function Session:busy()
  for _, entry in ipairs(self.entries) do
    if OPEN[entry.state] then return true end
  end
  return false
end

--- Stops a job, also while the server is away.
function Session:cancel(entry)
  entry.cancelling = true
  if self.connection.state == "up" then self.connection.link:cancel(entry.job) end
end

-- Does with a finished job what it was asked for. That it is done is written down first: undoing the placing must not
-- make it open again. A project that was closed meanwhile cannot be written to, and has the job for next time.
function Session:_finish(entry)
  entry.state = "done"
  self:_over(entry)
  local result, problem = self.finish[entry.kind](self.reaper, entry)
  if result then
    entry.result, entry.after = result, true
    return
  end
  entry.state, entry.problem = "failed", problem
  self:_over(entry)
end

-- A server that died while it was working is started again; its jobs are on its disk.
function Session:_revive()
  local way, now = self.connection, self.reaper.time_precise()
  if way.state ~= "gone" then self.gone = nil return end
  self.gone = self.gone or now
  if now - self.gone > RESTART and self:busy() then way:start() end
end

-- Says of every open job, once a second, that we look after it.
function Session:_claim()
  local now = self.reaper.time_precise()
  if now - self.claimed < 1 then return end
  self.claimed = now
  for _, entry in ipairs(self.entries) do
    if entry.kept and OPEN[entry.state] then handing.claim(self.reaper, entry.job, self.owner) end
  end
end

--- One turn.
function Session:tick()
  self.connection:tick()
  self:_revive()
  self:_claim()
  for _, entry in ipairs(self.entries) do
    if entry.state == "placing" then
      local ready = not self.finish.prepare or self.finish.prepare(self.reaper, entry)
      if ready then self:_finish(entry) end
      return -- one a turn: placing is the most that a turn does
    elseif entry.after then
      entry.after = self.finish.after(self.reaper, entry)
      return
    end
  end
end

--- What is going on: the connection's state until a server answers, then the last job's, or ready.
function Session:state()
  local way, last = self.connection.state, self:latest()
  if way ~= "up" then return way end
  return last and last.state or "ready"
end

--- What went wrong last, of the connection or the last job; nil when nothing did.
function Session:problem()
  local last = self:latest()
  return self.connection.problem or last and last.problem or nil
end

--- Ends the conversation; jobs go on at the server, for whoever picks them up.
function Session:close()
  for _, entry in ipairs(self.entries) do
    if entry.kept and OPEN[entry.state] then handing.release(self.reaper, entry.job) end
  end
  self.connection:close()
end

return session
