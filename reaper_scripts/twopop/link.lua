-- The conversation with the server: who we are, what we asked, and whatever was lost asked for again.
-- One `tick` per defer does a bounded amount of work and never waits. Time is any clock in seconds.
local gathered = require "twopop.gathered"
local osc = require "twopop.osc"
local schema = require "twopop.schema"
local slices = require "twopop.slices"

local link = {}

local AGAIN = 0.25 -- seconds after which an unanswered question is put again
local STALE = 1.0 -- seconds without news of a job after which we ask for them
local GONE = 5.0 -- seconds of silence after which the server counts as gone
local FATAL = { bad_token = true, protocol_mismatch = true }

local Link = {}
Link.__index = Link

--- A conversation over a transport: {transport, clock, name, token}.
function link.new(options)
  local now = options.clock()
  return setmetatable({
    transport = options.transport, clock = options.clock, name = options.name or "REAPER", token = options.token or "",
    state = "connecting", version = "", followed = {}, questions = {}, heard = now, greeted = -math.huge, pinged = now,
    problem = nil,
  }, Link)
end

--- Arguments of a message as `osc.encode` wants them, from values in the table's order; `rest` follows them.
local function arguments(spec, values, rest)
  local list = {}
  for place, argument in ipairs(spec) do
    if values[place] == nil then break end
    list[place] = { argument[2], values[place] }
  end
  for _, pair in ipairs(rest or {}) do
    local value = pair[2]
    list[#list + 1] = { "s", pair[1] }
    list[#list + 1] = { math.type(value) == "integer" and "i" or math.type(value) and "f" or "s", value }
  end
  return list
end

local function packet_of(name, values, rest)
  return osc.encode(schema.root .. "/" .. name, arguments(schema.addresses[name], values, rest))
end

function Link:_say(name, values)
  self.transport:send(packet_of(name, values or {}))
end

-- A request that the server would refuse without saying of which job: it fails here, instead of being sent for ever.
local function too_large(packet, request)
  if #packet <= schema.largest and #request.controls <= schema.most_controls then return nil end
  return {
    code = "message_too_large",
    text = ("The request has %d bytes and %d controls; the server takes %d and %d. Shorten the texts or the range."):format(
      #packet, #request.controls, schema.largest, schema.most_controls),
  }
end

function Link:_request(id, job, request)
  local rate = request.rate
  local fixed = { id, request.media, request.first, request.stop, rate.num, rate.den }
  local packet = packet_of("score", fixed, request.controls)
  local trouble = too_large(packet, request)
  if not trouble then return self.transport:send(packet) end
  job.gathered:hear("error", { job = id, code = trouble.code, text = trouble.text })
  job.news = true
end

function Link:_greet(now)
  self.greeted = now
  self:_say("hello", { self.name, schema.protocol, 0, self.token })
end

-- A message as a table of named arguments; nil for what is not the server's.
local function named(message)
  local name = message.path:match("^" .. schema.root .. "/(%l+)$")
  local spec = name and schema.addresses[name]
  if not spec or spec.inbound then return nil end
  local line = {}
  for place, argument in ipairs(spec) do line[argument[1]] = message[place] end
  return name, line
end

local HEARS = {
  welcome = function(self, line)
    local restarted = self.pid and self.pid ~= line.pid
    self.pid, self.version, self.state = line.pid, line.version, "up"
    for _, job in pairs(self.followed) do -- a new server has been told nothing
      if restarted then job.asked = -math.huge end
    end
  end,
  pong = function(self, line)
    if self.pid ~= line.pid then self.greeted = -math.huge end
  end,
  control = function(self, line)
    local question = self.questions.controls
    if not question then return end
    local row = question.rows[line.index] or { parts = {} }
    row.parts[line.part] = line.choices
    question.rows[line.index], row.line, question.count = row, line, line.count
  end,
  job = function(self, line)
    local question = self.questions.jobs
    if question then
      question.rows[line.index], question.count = { line = line, parts = { "" } }, line.count
    end
  end,
}

function Link:_hear(packet, now)
  local message = osc.decode(packet)
  local name, line
  if message then name, line = named(message) end
  if not name then return end
  self.heard = now
  if HEARS[name] then HEARS[name](self, line) end
  local job = line.job and self.followed[line.job]
  if job and name ~= "job" then
    job.gathered:hear(name, line)
    job.heard, job.news = now, true
  elseif name == "error" and (line.job or "") == "" and FATAL[line.code] then
    self.state, self.problem = "refused", { code = line.code, text = line.text, remedy = "" }
  end
end

-- Rows of an answered question, choices joined; nil while one is missing.
local function whole(question)
  if not question.count then return nil end
  local list = {}
  for index = 1, question.count do
    local row = question.rows[index]
    if not row then return nil end
    for part = 1, row.line.parts or 1 do
      if not row.parts[part] then return nil end
    end
    row.line.choices = table.concat(row.parts)
    list[index] = row.line
  end
  return list
end

function Link:_questions(now)
  for name, question in pairs(self.questions) do
    local list = whole(question)
    if list then
      self.questions[name] = nil
      question.done(list)
    elseif now - question.asked >= AGAIN then
      question.asked = now
      self:_say(name)
    end
  end
end

function Link:_ask(name, done)
  self.questions[name] = { rows = {}, asked = -math.huge, done = done }
end

--- Asks for the table of controls; `done` gets the list of rows.
function Link:controls(done) self:_ask("controls", done) end

--- Asks which jobs the server knows; `done` gets the list.
function Link:jobs(done) self:_ask("jobs", done) end

function Link:_job(id, request, on_change)
  local job = { gathered = gathered.new(id), request = request, on_change = on_change, asked = -math.huge, heard = self.clock() }
  self.followed[id] = job
  return job.gathered.take
end

--- Asks for a score and follows it to its end; `on_change` gets the take whenever there is news.
function Link:score(request, on_change)
  return self:_job(request.job, request, on_change)
end

--- Follows a job that was asked before.
function Link:follow(id, on_change)
  return self:_job(id, nil, on_change)
end

--- Stops a job; that it is stopped comes like any news.
function Link:cancel(id)
  local job = self.followed[id]
  if job then job.cancelling, job.asked = true, -math.huge end
end

function Link:_pursue(id, job, now)
  local runs = job.gathered.accepted and not job.gathered.over
  local stopping = job.cancelling and not job.gathered.over -- news of its progress do not answer this
  local heard = job.gathered.accepted and not stopping and job.heard or -math.huge
  if now - math.max(job.asked, heard) < (runs and not stopping and STALE or AGAIN) then return end
  job.asked = now
  local request = job.request
  if stopping then
    self:_say("cancel", { id })
  elseif request and not job.gathered.accepted then
    self:_request(id, job, request)
  else
    self:_say("status", { id })
  end
end

function Link:_jobs(now)
  for id, job in pairs(self.followed) do
    if not job.gathered:complete() then self:_pursue(id, job, now) end
    if job.news then
      job.news = false
      if job.gathered:complete() then self.followed[id] = nil end
      job.on_change(job.gathered.take)
    end
  end
end

function Link:_watch(now)
  local silent = now - self.heard
  if self.state == "up" and silent > GONE then self.state = "gone" end
  if self.state ~= "up" and now - self.greeted >= AGAIN then self:_greet(now) end
  if self.greeted == -math.huge then self:_greet(now) end
  if silent > STALE and now - self.pinged > STALE then
    self.pinged = now
    self:_say("ping")
  end
end

-- What came, in its order; where more came than a turn may take, the rest is for the next ones. Nil and why where the
-- transport broke.
function Link:_listen(now)
  if not self.hearing then
    local packets, why = self.transport:poll()
    if not packets then return nil, why end
    self.hearing = slices.of(function()
      for _, packet in ipairs(packets) do
        self:_hear(packet, now)
        slices.rest()
      end
    end)
  end
  if self.hearing() then self.hearing = nil end
  return true
end

--- One turn: hears what came, asks again for what did not. True; nil and a problem when the transport broke.
function Link:tick()
  local now = self.clock()
  local fine, why = self:_listen(now)
  if not fine then return nil, { code = "link_broken", text = why, remedy = "Open the panel again." } end
  if self.state == "refused" then return true end
  self:_watch(now)
  if self.state == "up" then
    self:_questions(now)
    self:_jobs(now)
  end
  return true
end

--- Ends the conversation; jobs go on at the server.
function Link:close()
  self.transport:close()
end

return link
