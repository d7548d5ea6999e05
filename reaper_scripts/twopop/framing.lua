-- Two growing files between us and the relay, each a row of OSC packets behind their length (int32, big-endian),
-- as OSC 1.0 has it for streams. Whoever reads remembers where it was; a length of zero is the end.
local framing = {}

local LARGEST = 65536

--- A packet as it stands in the file; "" ends the conversation.
function framing.frame(packet)
  return string.pack(">i4", #packet) .. packet
end

--- Whole packets in `data`, and how many bytes they and their lengths take; nil where a length cannot be.
function framing.split(data)
  local packets, at = {}, 1
  while at + 3 <= #data do
    local size = string.unpack(">i4", data, at)
    if size < 0 or size > LARGEST then return nil, "the relay's file is damaged" end
    if at + 3 + size > #data then break end
    packets[#packets + 1] = data:sub(at + 4, at + 3 + size)
    at = at + 4 + size
  end
  return packets, at - 1
end

return framing
