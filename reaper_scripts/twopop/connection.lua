-- The way to a server that answers: find it, start it when it is down, and find it again when it came back elsewhere.
-- Nothing waits: every tick does a little, and `state` says where we are: finding, starting, connecting, up, gone,
-- refused or failed. `problem` says why, in the last two.
local discovery = require "twopop.discovery"
local link = require "twopop.link"
local relay = require "twopop.relay"
local starter = require "twopop.starter"
local udp = require "twopop.udp"

local connection = {}

local LOOK = 0.5 -- seconds between two looks at the discovery file
local SILENT = 6.0 -- seconds after which a server that is written down but does not answer is started anew
local START = 90.0 -- seconds that a start may take, on a slow disk

local Connection = {}
Connection.__index = Connection

--- A connection that is not made yet: {on_up = called whenever a server answers that did not before}.
function connection.new(reaper, options)
  return setmetatable({
    reaper = reaper, on_up = options.on_up, state = "finding", looked = -math.huge, transport_name = "", link = nil,
  }, Connection)
end

-- What tells one run of the server from the next.
local function key(server)
  return ("%s|%s|%s|%s"):format(server.host, server.port, server.pid, server.token)
end

function Connection:_open(server)
  local reaper = self.reaper
  local socket = udp.socket(reaper)
  local transport, problem = (socket and udp or relay).open(reaper, server, socket)
  if not transport and socket then transport, problem = relay.open(reaper, server) end
  if not transport then
    self.state, self.problem = "failed", problem
    return
  end
  self:_drop()
  self.server, self.key, self.transport_name = server, key(server), transport.name
  self.link = link.new({ transport = transport, clock = reaper.time_precise, name = "REAPER", token = server.token })
  self.opened, self.state, self.up, self.problem = reaper.time_precise(), "connecting", false, nil
end

function Connection:_drop()
  if self.link then self.link:close() end
  self.link = nil
end

--- Starts the server, whoever asked; while it starts, the discovery file is looked at.
function Connection:start()
  local fine, problem = starter.start(self.reaper)
  if not fine then
    self.state, self.problem = "failed", problem
    return
  end
  self.state, self.problem, self.started = "starting", nil, self.reaper.time_precise()
end

-- Looks whether a server is written down that we are not connected to.
function Connection:_look(now)
  if now - self.looked < LOOK then return end
  self.looked = now
  local server = discovery.find(self.reaper)
  if server and key(server) ~= self.key then
    self:_open(server)
  elseif not server and self.state == "finding" then
    self:start()
  end
end

function Connection:_late(now)
  if self.state == "starting" and now - self.started > START then
    self.state = "failed"
    self.problem = {
      code = "server_silent", text = "twopop was started, but does not answer.",
      remedy = "Run twopop serve in a terminal, and read what it says.",
    }
  elseif self.state == "connecting" and now - self.opened > SILENT then
    self:start() -- what is written down was left by one that died; should it answer after all, that is fine too
  end
end

-- Follows what the link says about itself.
function Connection:_heed()
  local said = self.link.state
  if said == "refused" then
    self.state, self.problem = "refused", self.link.problem
  elseif said == "gone" then
    if self.state == "up" then self.state = "gone" end
  elseif said == "up" then
    self.state, self.problem, self.started = "up", nil, nil
    if not self.up then
      self.up = true
      self.on_up(self.link)
    end
  end
end

--- One turn.
function Connection:tick()
  local now = self.reaper.time_precise()
  if self.link then
    local fine = self.link:tick()
    if fine then
      self:_heed()
    else -- the helper went; what was asked is asked again over a new one
      self:_drop()
      self.key, self.state, self.looked = nil, "finding", now
    end
  end
  if self.state ~= "up" then
    self:_look(now)
    self:_late(now)
  end
end

--- Tries again after a failure.
function Connection:retry()
  self:_drop()
  self.key, self.state, self.problem, self.looked = nil, "finding", nil, -math.huge
end

--- Ends the conversation.
function Connection:close()
  self:_drop()
  self.state = "closed"
end

return connection
