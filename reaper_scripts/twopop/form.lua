-- The attribute controls as widgets. Which there are, and what they take, the server says; we only know which people
-- ask for first, and which have a place of their own in the panel.
local form = {}

--- Controls that people reach for first, in the order of the panel.
form.FIRST = { "genre", "mood", "instruments", "tempo", "key", "ending", "loudness", "variations", "seed" }

-- What other parts of the panel set: description, hits, references, host tempo; and what only actions send.
local ELSEWHERE = {
  text = true, hits = true, sensitivity = true, reference = true, host_tempo = true, base = true, redo = true,
  audition = true,
}

local NOTES = { "C", "C#", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B" }
local MOST_INTEGER = 2147483647 -- of the wire; as a float it would be one more

local Form = {}
Form.__index = Form

local function words_of(row)
  local words = {}
  for word in (row.choices or ""):gmatch("[^,%s]+") do words[#words + 1] = word end
  return words
end

local function keys()
  local list = {}
  for _, mode in ipairs({ "major", "minor" }) do
    for _, note in ipairs(NOTES) do list[#list + 1] = note .. " " .. mode end
  end
  return list
end

--- A form for the rows of the server's `control` messages; `values` are texts by name, as `Form:values` gave them.
function form.new(rows, values)
  local self = setmetatable({ rows = rows, by_name = {}, values = {} }, Form)
  for _, row in ipairs(rows) do
    row.words = row.name == "key" and keys() or words_of(row)
    self.by_name[row.name] = row
  end
  self:restore(values or {})
  return self
end

--- Takes values over: texts by name, or a list of pairs. Names that the server does not know are left out and returned.
function Form:restore(values)
  self.values = {}
  local unknown = {}
  for name, value in pairs(values) do
    if type(value) == "table" then name, value = value[1], value[2] end
    if self.by_name[name] then self.values[name] = self:_clean(name, value) else unknown[#unknown + 1] = name end
  end
  table.sort(unknown)
  return unknown
end

-- A value as the form keeps it: numbers where the control is one, texts elsewhere; nil for what is the default.
function Form:_clean(name, value)
  local row = self.by_name[name]
  local number = tonumber(value)
  if number and (row.kind == "integer" or row.kind == "percent" or row.kind == "number") then
    if number == tonumber(row.default) then return nil end
    return math.tointeger(number) or number
  end
  value = tostring(value)
  if value == row.default then return nil end
  return value
end

--- Sets a control; the default, or nil, takes it out of the request.
function Form:set(name, value)
  if self.by_name[name] then self.values[name] = value ~= nil and self:_clean(name, value) or nil end
end

--- A control's value, its default where it was not set.
function Form:get(name)
  local row = self.by_name[name]
  if self.values[name] ~= nil then return self.values[name] end
  return row and row.default or ""
end

--- What goes into a request: {{key, value}...} in the server's order, without what is the default.
function Form:pairs()
  local list = {}
  for _, row in ipairs(self.rows) do
    local value = self.values[row.name]
    if value ~= nil and value ~= "" then list[#list + 1] = { row.name, value } end
  end
  return list
end

local function split(text)
  local list = {}
  for word in tostring(text):gmatch("[^,%s]+") do list[#list + 1] = word end
  return list
end

local function spec(row)
  local whole = row.kind == "integer" or row.kind == "percent"
  return { low = row.low, high = math.min(row.high, MOST_INTEGER), whole = whole, unit = row.unit }
end

local EXACT = "exactly ..."

-- A number that may also be a word: the words, and behind them the number itself.
local function number_or_word(self, kit, row)
  local value = self:get(row.name)
  local number = tonumber(value)
  local words = { table.unpack(row.words) }
  words[#words + 1] = EXACT
  local none = row.default == "" and "any" or nil
  local shown, changed = kit:choice(row.name, number and EXACT or value, words, none)
  kit:hint(row.help)
  if changed then
    self:set(row.name, shown == EXACT and math.floor((row.low + row.high) / 2) or shown)
  elseif number then
    local now, moved = kit:number("##" .. row.name, number, spec(row))
    if moved then self:set(row.name, now) end
  end
end

local DRAWS = {
  choice = function(self, kit, row)
    local value, changed = kit:choice(row.name, self:get(row.name), row.words, row.default == "" and "any" or nil)
    if changed then self:set(row.name, value) end
  end,
  choices = function(self, kit, row)
    local chosen, changed = kit:choices(row.name, split(self:get(row.name)), row.words, row.name == "instruments")
    if changed then self:set(row.name, table.concat(chosen, ",")) end
  end,
  text = function(self, kit, row)
    local value, changed = kit:field(row.name, tostring(self:get(row.name)))
    if changed then self:set(row.name, value) end
  end,
  number = function(self, kit, row)
    local value, changed = kit:number(row.name, tonumber(self:get(row.name)) or row.low, spec(row))
    if changed then self:set(row.name, value) end
  end,
}

local function dice(self, kit, roll)
  kit:same_line()
  if kit:button("Roll the dice") then self:set("seed", roll()) end
  kit:hint("Another seed, other music to the same request.")
end

-- Draws a row's widget.
local function draw(self, kit, row, roll)
  if row.kind == "number" and #row.words > 0 then return number_or_word(self, kit, row) end
  local kind = row.kind
  if kind == "integer" or kind == "percent" then kind = "number" end
  if #row.words > 0 and kind == "text" then kind = "choice" end
  local widget = DRAWS[kind] or DRAWS.text
  widget(self, kit, row)
  kit:hint(row.help)
  if row.name == "seed" and roll then dice(self, kit, roll) end
end

--- Draws one control by name, where the server has it.
function Form:draw_one(kit, name)
  if self.by_name[name] then draw(self, kit, self.by_name[name]) end
end

--- Draws the controls that people reach for first; `roll` gives a seed.
function Form:draw_first(kit, roll)
  for _, name in ipairs(form.FIRST) do
    if self.by_name[name] then draw(self, kit, self.by_name[name], roll) end
  end
end

--- Draws all others that have no place of their own.
function Form:draw_more(kit)
  local first = {}
  for _, name in ipairs(form.FIRST) do first[name] = true end
  for _, row in ipairs(self.rows) do
    if not first[row.name] and not ELSEWHERE[row.name] then draw(self, kit, row) end
  end
end

--- Whether another part of the panel draws a control.
function form.elsewhere(name)
  return ELSEWHERE[name] or false
end

return form
