-- The usual way to the server: a small helper process turns two files into UDP, because REAPER's Lua has no sockets.
-- The helper makes the folder itself, so that nobody else can read it, and ends with us.
local discovery = require "twopop.discovery"
local files = require "twopop.files"
local framing = require "twopop.framing"

local relay = {}

local MOST = 65540 -- bytes read in one tick: the largest packet that may stand in the file, and its length
local count = 0

local Transport = {}
Transport.__index = Transport

-- Opens the files as soon as the helper has made them.
function Transport:_ready()
  if self.incoming then return true end
  self.incoming = io.open(files.join(self.folder, "from-server"), "rb")
  if not self.incoming then return false end
  self.outgoing = io.open(files.join(self.folder, "to-server"), "ab")
  if self.outgoing then self.outgoing:setvbuf("no") end
  for _, packet in ipairs(self.waiting) do self:send(packet) end
  self.waiting = {}
  return true
end

--- Sends a datagram; before the helper is there, it is kept.
function Transport:send(packet)
  if self.closed then return end
  if not self.outgoing then
    self.waiting[#self.waiting + 1] = packet
    return
  end
  self.outgoing:write(framing.frame(packet))
end

--- Datagrams that came since the last call; nil and why when the conversation is broken.
function Transport:poll()
  if self.closed or not self:_ready() then return {} end
  self.incoming:seek("set", self.at)
  local data = self.incoming:read(MOST)
  if not data then return {} end
  local packets, used = framing.split(data)
  if not packets then return nil, used end
  self.at = self.at + used
  return packets
end

--- Ends the helper. Closing twice is harmless.
function Transport:close()
  if self.closed then return end
  if not self:_ready() then -- it may just be starting: leave word for when it does
    files.write(self.folder .. ".stop", "")
  elseif self.outgoing then
    self.outgoing:write(framing.frame(""))
    self.outgoing:close()
  end
  if self.incoming then self.incoming:close() end
  self.closed = true
end

--- A transport to a server that `discovery` found; nil and a problem.
function relay.open(reaper, server)
  count = count + 1
  local name = ("%s-%d"):format(reaper.genGuid():gsub("[^%w]", ""), count)
  local base = files.join(discovery.config_folder(reaper), "relay")
  reaper.RecursiveCreateDirectory(base, 0)
  local folder = files.join(base, name)
  local command = files.command(server.python, "-m", "twopop.relay", folder, server.host, tostring(server.port))
  if not command or not reaper.file_exists(server.python) then
    local text = "The helper cannot be started with " .. server.python
    return nil, { code = "relay_failed", text = text, remedy = "Start the server again: twopop serve" }
  end
  reaper.ExecProcess(command, -2)
  return setmetatable({ name = "relay", folder = folder, at = 0, waiting = {}, closed = false }, Transport)
end

return relay
