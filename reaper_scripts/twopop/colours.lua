-- Colours of the stems, red, green and blue: the same as the server's, on its cue maps and in cue.rpp.
local colours = {}

local STEMS = {
  drums = { 0xD9, 0x78, 0x4A },
  bass = { 0x4C, 0x86, 0xD8 },
  harmony = { 0x4F, 0xA8, 0x6A },
  pads = { 0x9A, 0x8C, 0xC4 },
  melody = { 0xE8, 0xB8, 0x3F },
  accents = { 0xD8, 0x5A, 0x5A },
  music = { 0x8F, 0xA9, 0xB8 },
}
local OTHER = { 0x80, 0x80, 0x80 }

--- A stem's colour as REAPER's tracks take it.
function colours.native(reaper, name)
  local colour = STEMS[name] or OTHER
  return reaper.ColorToNative(colour[1], colour[2], colour[3]) | 0x1000000
end

return colours
