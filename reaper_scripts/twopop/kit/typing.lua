-- Typing into a box of the plain panel: focus, keys, the clipboard, and where a click puts the cursor.
local edit = require "twopop.edit"

local typing = {}

local PATIENCE = 0.5 -- of a second: how fast the cursor blinks, in frames of about 30 a second
local BLINK = math.floor(PATIENCE * 30)

local function paste(self, being)
  local text = self.clipboard and self.clipboard.read()
  if text and text ~= "" then being:insert(text) end
end

-- Takes the frame's keys in: true when the box is left.
local function keys(self, being)
  for _, key in ipairs(self.sheet.keys) do
    if not key.used then
      key.used = true
      if key.text then
        being:insert(key.text)
      elseif key.name == "paste" then
        paste(self, being)
      elseif key.name == "copy" or key.name == "cut" then
        if self.clipboard then self.clipboard.write(being.text) end
        if key.name == "cut" then edit.clear(being) end
      elseif not being:press(key.name) and (key.name == "enter" or key.name == "escape" or key.name == "tab") then
        return true
      end
    end
  end
  return false
end

-- The character of a line that is nearest to a place, counted from the line's beginning.
local function column(sheet, text, x)
  local best, nearest, count = 0, math.huge, 0
  for at = 0, utf8.len(text) do
    local away = math.abs(sheet:measure(text:sub(1, utf8.offset(text, at + 1) - 1)) - x)
    if away < nearest then best, nearest = at, away end
    count = count + 1
  end
  return best, count
end

local function click(sheet, being, lines, box, top)
  local number = math.max(1, math.min(#lines, (sheet.mouse.y - box.y) // sheet.em + 1 + top))
  local line = lines[math.tointeger(number) or 1]
  being.at, being.all = line.at + column(sheet, line.text, sheet.mouse.x - box.x - sheet.em // 4), false
end

-- The line that the cursor is in, and the cursor's place in it.
local function cursor(lines, at)
  for number = #lines, 1, -1 do
    if lines[number].at <= at then return number, at - lines[number].at end
  end
  return 1, 0
end

local function draw(self, being, lines, box, top)
  local sheet, pad, rows = self.sheet, self.sheet.em // 4, math.max(1, box.height // self.sheet.em)
  sheet:fill(being and being.all and "on" or "box", box.x, box.y, box.width, box.height)
  sheet:frame(being and "text" or "line", box.x, box.y, box.width, box.height)
  for number = top + 1, math.min(#lines, top + rows) do
    local y = box.y + (number - top - 1) * sheet.em + sheet.em // 8
    sheet:write(lines[number].text, box.x + pad, y, "text", box.width - pad)
  end
  self.blink = ((self.blink or 0) + 1) % (2 * BLINK)
  if not being or self.blink >= BLINK then return end
  local number, place = cursor(lines, being.at)
  local text = lines[number].text
  local x = box.x + pad + sheet:measure(text:sub(1, (utf8.offset(text, place + 1) or #text + 1) - 1))
  sheet:fill("text", x, box.y + (number - top - 1) * sheet.em + 2, math.max(1, sheet.em // 16), sheet.em - 4)
end

-- How many lines are above the box: enough that the cursor is in it.
local function above(lines, at, rows)
  local number = cursor(lines, at)
  return math.max(0, math.min(number - 1, number - rows))
end

--- A box that text is typed into: the text, whether it was changed, and whether the box was just left. With `hold`
--- a text from outside does not disturb the typing, with `many` it has several lines.
function typing:_typed(id, text, box, options)
  local sheet, mouse = self.sheet, self.sheet.mouse
  local being = self.edits[id]
  if being and self.focus ~= id then -- something else took the focus
    self.edits[id] = nil
    return being.text, being.text ~= text, true
  end
  if being and not options.hold and being.shown ~= text then being = nil end
  if mouse.pressed and self:_over(box) then self.focus = id end
  self.met = self.met or self.focus == id
  if self.focus == id and not being then being = edit.new(text, options.many) end
  self.edits[id] = being
  local left = being and (keys(self, being) or mouse.pressed and not self:_over(box)) or false
  local now = being and being.text or text
  local width = box.width - sheet.em // 2
  local lines = options.many and sheet:wrap(now, width) or { { text = now, at = 0 } }
  local top = being and above(lines, being.at, math.max(1, box.height // sheet.em)) or 0
  if being and mouse.pressed and not left then click(sheet, being, lines, box, top) end
  if self:_visible(box) then draw(self, being, lines, box, top) end
  if being then being.shown = now end
  if left then self.focus, self.edits[id] = nil, nil end
  return now, now ~= text, left
end

return typing
