-- The short way to the server, where LuaSocket can be loaded: plain UDP, never waiting.
local udp = {}

local MOST = 500 -- datagrams in one tick

local PLACE = "/Scripts/Mavriq ReaScript Repository/Various/Mavriq-Lua-Sockets/"

--- LuaSocket, from where Lua finds it or from ReaPack's mavriq-lua-sockets; nil where there is none.
function udp.socket(reaper)
  local before = package.cpath
  local place = reaper.GetResourcePath() .. PLACE
  package.cpath = ("%s;%s?.so;%s?.dll"):format(before, place, place)
  local fine, socket = pcall(require, "socket.core")
  package.cpath = before
  return fine and type(socket) == "table" and socket.udp and socket or nil
end

local Transport = {}
Transport.__index = Transport

--- Sends a datagram; one that the system does not take is lost, as any may be.
function Transport:send(packet)
  if not self.closed then self.handle:send(packet) end
end

--- Datagrams that came since the last call.
function Transport:poll()
  local packets = {}
  while not self.closed and #packets < MOST do
    local packet, why = self.handle:receive()
    if packet then
      packets[#packets + 1] = packet
    elseif why ~= "refused" then -- a server that was down; what comes next may be its new self
      break
    end
  end
  return packets
end

--- Closes the socket. Closing twice is harmless.
function Transport:close()
  if not self.closed then self.handle:close() end
  self.closed = true
end

--- A transport to a server that `discovery` found; nil and a problem.
function udp.open(_, server, socket)
  local handle, why = socket.udp()
  local fine
  if handle then
    handle:settimeout(0)
    fine, why = handle:setpeername(server.host, server.port)
  end
  if not fine then
    return nil, { code = "udp_failed", text = "No socket could be opened: " .. tostring(why), remedy = "" }
  end
  return setmetatable({ name = "udp", handle = handle, closed = false }, Transport)
end

return udp
