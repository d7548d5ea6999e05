-- The take's own card, take.json: what does not travel over the wire.
local files = require "twopop.files"
local json = require "twopop.json"

local card = {}

--- Reads the card of a take's folder a part at a time, for it may be long: a function that goes on and says whether it
--- is done, and then the card; nil where it cannot be read.
function card.reader(folder)
  local text = files.read(files.join(folder, "take.json"))
  local go_on = json.reader(text or "")
  return function()
    local done, found = go_on()
    return done, type(found) == "table" and found or nil
  end
end

--- The tempo map of a variation, as `tempo.insert` wants it; nil where the take has none.
function card.tempo_points(found, variation)
  for _, mix in ipairs(found and found.mixes or {}) do
    if mix.variation == variation and type(mix.tempo_points) == "table" and #mix.tempo_points > 0 then
      return mix.tempo_points
    end
  end
  return nil
end

--- Where the MIDI file of a stem lies, if it has one.
function card.midi(folder, stem)
  return files.join(folder, ("v%d"):format(stem.variation + 1), "midi", stem.name .. ".mid")
end

return card
