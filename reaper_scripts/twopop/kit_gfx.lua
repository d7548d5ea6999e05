-- Widgets on REAPER's plain gfx window: what a panel needs, drawn and asked anew in every frame. `kit_imgui` has the
-- same functions. A widget is known by its label; what is behind ## in it is not shown.
local canvas = require "twopop.canvas"
local laying = require "twopop.kit.laying"

local kit_gfx = {}

local Kit = {}
Kit.__index = Kit
for _, part in ipairs({ "laying", "typing", "choosing", "numbers" }) do
  for name, method in pairs(require("twopop.kit." .. part)) do Kit[name] = method end
end

local caption = laying.caption

--- Opens a window: {gfx, title, width, height, size, clipboard = {read, write} or nil}.
function kit_gfx.open(options)
  local sheet = canvas.open(options.gfx, options)
  return setmetatable({
    name = "gfx", sheet = sheet, clipboard = options.clipboard, scroll = 0, edits = {}, tall = 0, x = 0, y = 0,
    right = 0,
  }, Kit)
end

--- Draws a frame: `draw` gets the kit. False when the window was closed.
function Kit:frame(draw)
  local sheet = self.sheet
  if not sheet:begin() then return false end
  self.margin = sheet.em // 2
  self:_scrolled()
  self.x, self.y, self.right = self.margin, self.margin - self.scroll, sheet.width - self.margin - sheet.em // 2
  self.tip, self.same, self.met = nil, false, false
  draw(self)
  if not self.met then self.focus = nil end -- what was typed into is shown no more
  self.tall = self.y + self.scroll
  self:_ornaments()
  sheet:finish()
  return true
end

--- Takes the window away.
function Kit:close()
  self.sheet:close()
end

--- Width and height of the window, and the size of its letters, to open it alike next time.
function Kit:shape()
  return self.sheet.width, self.sheet.height, self.sheet.size
end

--- Whether a key was pressed that no widget took: escape, enter ...
function Kit:key(name)
  if self.focus then return false end
  for _, key in ipairs(self.sheet.keys) do
    if key.name == name and not key.used then return true end
  end
  return false
end

--- Text over as many lines as it needs; tone: "dim", "title", "good" or "bad".
function Kit:text(text, tone)
  local sheet = self.sheet
  local lines = sheet:wrap(text, self.right - self.margin)
  local one = #lines == 1 and sheet:measure(text) + sheet.em // 4
  local box = self:_place(one or nil, #lines * sheet.em)
  if not self:_visible(box) then return end
  for place, line in ipairs(lines) do sheet:write(line.text, box.x, box.y + (place - 1) * sheet.em, tone) end
end

--- A button: true in the frame in which it is pressed. Off, it is shown but takes no click.
function Kit:button(label, off)
  local shown = caption(label)
  local box = self:_place(self.sheet:measure(shown) + self.sheet.em)
  if self:_visible(box) then
    self.sheet:fill(off and "ground" or self:_over(box) and "over" or "box", box.x, box.y, box.width, box.height)
    self.sheet:frame("line", box.x, box.y, box.width, box.height)
    self.sheet:write(shown, box.x + self.sheet.em // 2, box.y + self.sheet.em // 8, off and "dim" or "text")
  end
  return not off and self:_pressed(box)
end

--- A switch: its value, and whether it was changed.
function Kit:toggle(label, on)
  local sheet, shown = self.sheet, caption(label)
  local box = self:_place(sheet.em * 1.4 + sheet:measure(shown))
  if self:_visible(box) then
    local side = sheet.em * 0.7
    sheet:frame(self:_over(box) and "text" or "line", box.x, box.y + side / 5, side, side)
    if on then sheet:fill("on", box.x + 2, box.y + side / 5 + 2, side - 4, side - 4) end
    sheet:write(shown, box.x + sheet.em, box.y)
  end
  if self:_pressed(box) then return not on, true end
  return on, false
end

--- A line of text: what it says, and whether it was changed.
function Kit:field(label, text)
  local box = self:_labelled(label)
  local now, changed = self:_typed(label, text, box, {})
  self.last = box
  return now, changed
end

--- Several lines of text, `rows` high: what they say, and whether that was changed.
function Kit:lines(label, text, rows)
  local shown = caption(label)
  if shown ~= "" then self:text(shown, "dim") end
  local box = self:_place(nil, (rows or 4) * self.sheet.em)
  local now, changed = self:_typed(label, text, box, { many = true })
  return now, changed
end

--- A row of a list: true when it is pressed.
function Kit:row(label, on)
  local box = self:_place(nil)
  self:_boxed(box, caption(label), on and "on")
  return self:_pressed(box)
end

--- How far something is, 0 to 1, with a text on it.
function Kit:progress(fraction, text)
  local box = self:_place(nil)
  if not self:_visible(box) then return end
  self:_boxed(box, "", "box")
  self.sheet:fill("on", box.x, box.y, box.width * math.max(0, math.min(1, fraction)), box.height)
  self.sheet:write(text, box.x + self.sheet.em // 4, box.y + self.sheet.em // 8)
end

--- A heading that opens and closes what is below it: whether it is open.
function Kit:section(label, open)
  local box = self:_place(nil)
  if self:_visible(box) then
    if self:_over(box) then self.sheet:fill("box", box.x, box.y, box.width, box.height) end
    self.sheet:fill("line", box.x, box.y + box.height - 1, box.width, 1)
    self.sheet:write(caption(label), box.x + self.sheet.em, box.y, "title")
    self.sheet:write(open and "-" or "+", box.x + self.sheet.em // 4, box.y, "dim")
  end
  if self:_pressed(box) then return not open end
  return open
end

--- What is said while the mouse rests on the last widget.
function Kit:hint(text)
  if text ~= "" and self.last and not self.sheet.mouse.down and self:_over(self.last) then self.tip = text end
end

return kit_gfx
