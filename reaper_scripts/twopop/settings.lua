-- What the panel remembers on this computer from one opening to the next: REAPER's ExtState, one JSON text.
local json = require "twopop.json"

local settings = {}

local SECTION, KEY = "twopop", "panel"

local DEFAULTS = {
  width = 560, height = 760, size = 15, follow_tempo = false, hits = "auto", midi = false, markers = "markers",
  tempo_map = false, plain = false,
}

--- The settings: what was kept, else the defaults. `values` are the form's, `open` the sections that are open.
function settings.load(reaper)
  local text = reaper.GetExtState(SECTION, KEY)
  local kept = text ~= "" and json.read(text) or {}
  local found = { values = {}, open = { Music = true, Picture = true } }
  for name, default in pairs(DEFAULTS) do
    found[name] = type(kept[name]) == type(default) and kept[name] or default
    if type(default) == "boolean" and type(kept[name]) == "boolean" then found[name] = kept[name] end
  end
  for _, name in ipairs({ "values", "open" }) do
    if type(kept[name]) == "table" then found[name] = kept[name] end
  end
  return found
end

--- Keeps settings for next time.
function settings.save(reaper, values)
  local kept = { values = values.values, open = values.open }
  for name in pairs(DEFAULTS) do kept[name] = values[name] end
  reaper.SetExtState(SECTION, KEY, json.write(kept), true)
end

--- How finished stems are placed, as `place.take` wants it.
function settings.options(values)
  return { midi = values.midi, markers = values.markers, tempo_map = values.tempo_map, colours = true }
end

return settings
