-- The sheet that the plain panel is drawn on: REAPER's own gfx window, with its mouse, keys, fonts and wrapped text.
-- Lengths are pixels of the window; `em` is the height of a line of text, larger on screens with small pixels.
local canvas = {}

local FACE = "Arial"
local BOLD = string.byte("b")
local MOST_KEYS = 64 -- read in one frame
local MOST_WRAPS = 400 -- texts whose lines are remembered

local COLOURS = {
  ground = { 0.16, 0.17, 0.19 }, box = { 0.23, 0.24, 0.27 }, over = { 0.30, 0.32, 0.36 }, on = { 0.20, 0.47, 0.62 },
  line = { 0.36, 0.38, 0.42 }, text = { 0.90, 0.91, 0.92 }, dim = { 0.62, 0.64, 0.67 }, bad = { 0.98, 0.55, 0.47 },
  good = { 0.55, 0.85, 0.58 }, title = { 1, 1, 1 },
}

-- gfx.getchar gives keys without a character as their name's bytes.
local function code_of(name)
  local code = 0
  for place = 1, #name do code = code << 8 | name:byte(place) end
  return code
end

local KEYS = {
  [8] = "backspace", [9] = "tab", [13] = "enter", [27] = "escape", [1] = "all", [3] = "copy", [22] = "paste",
  [24] = "cut",
}
local NAMED = {
  left = "left", rght = "right", up = "up", down = "down", home = "home", ["end"] = "end", del = "delete",
  pgup = "pgup", pgdn = "pgdn",
}
for name, key in pairs(NAMED) do KEYS[code_of(name)] = key end

local UNICODE = string.byte("u") << 24 -- in front of a character beyond 255

local Canvas = {}
Canvas.__index = Canvas

--- A window: {title, width, height, size = pixels of a line's letters}.
function canvas.open(gfx, options)
  gfx.ext_retina = 1 -- asks for real pixels; afterwards it says how many make one
  gfx.init(options.title, options.width, options.height)
  return setmetatable({
    gfx = gfx, size = options.size or 15, keys = {}, wraps = {}, wrap_count = 0, wheel = 0,
    mouse = { x = 0, y = 0, down = false },
  }, Canvas)
end

-- What a code of gfx.getchar means: a key's name, or a character; nil for what is neither.
local function key_of(code)
  if KEYS[code] then return { name = KEYS[code] } end
  if code >= UNICODE and code <= UNICODE + 0x10FFFF then return { text = utf8.char(code - UNICODE) } end
  if code >= 32 and code < 256 and code ~= 127 then return { text = utf8.char(code) } end
  return nil
end

function Canvas:_read_keys()
  self.keys = {}
  for _ = 1, MOST_KEYS do
    local code = math.tointeger(self.gfx.getchar()) or 0
    if code < 0 then return false end
    if code == 0 then return true end
    self.keys[#self.keys + 1] = key_of(code)
  end
  return true
end

function Canvas:_read_mouse()
  local gfx, mouse = self.gfx, self.mouse
  local down = gfx.mouse_cap & 1 == 1
  mouse.pressed, mouse.released, mouse.down = down and not mouse.down, mouse.down and not down, down
  mouse.x, mouse.y = gfx.mouse_x, gfx.mouse_y
  self.wheel = gfx.mouse_wheel / 120
  gfx.mouse_wheel = 0
  if gfx.mouse_cap & 4 == 4 and self.wheel ~= 0 then -- with Ctrl the letters grow
    self.size = math.max(10, math.min(40, self.size + (self.wheel > 0 and 1 or -1)))
    self.wheel = 0
  end
end

--- Begins a frame: false when the window was closed.
function Canvas:begin()
  if not self:_read_keys() then return false end
  self:_read_mouse()
  local gfx = self.gfx
  local scale = math.max(1, gfx.ext_retina)
  local pixels = math.floor(self.size * scale + 0.5)
  if pixels ~= self.pixels then self.wraps, self.wrap_count = {}, 0 end
  self.pixels, self.em, self.width, self.height = pixels, math.floor(pixels * 1.6), gfx.w, gfx.h
  gfx.setfont(2, FACE, pixels, BOLD)
  gfx.setfont(1, FACE, pixels)
  self:fill("ground", 0, 0, gfx.w, gfx.h)
  return true
end

--- Ends a frame.
function Canvas:finish()
  self.gfx.update()
end

--- Takes the window away.
function Canvas:close()
  self.gfx.quit()
end

function Canvas:_colour(name)
  local colour = COLOURS[name]
  self.gfx.set(colour[1], colour[2], colour[3], 1)
end

--- A filled rectangle.
function Canvas:fill(colour, x, y, width, height)
  self:_colour(colour)
  self.gfx.rect(x, y, width, height, 1)
end

--- A rectangle's outline.
function Canvas:frame(colour, x, y, width, height)
  self:_colour(colour)
  self.gfx.rect(x, y, width, height, 0)
end

--- A line of text, cut off at `width` where it is given.
function Canvas:write(text, x, y, colour, width)
  local gfx = self.gfx
  self:_colour(colour or "text")
  if colour == "title" then gfx.setfont(2) end
  gfx.x, gfx.y = x, y
  if width then gfx.drawstr(text, 0, x + width, y + self.em) else gfx.drawstr(text) end
  if colour == "title" then gfx.setfont(1) end
end

--- How wide a line of text is.
function Canvas:measure(text)
  return (self.gfx.measurestr(text))
end

--- Whether the mouse is over a rectangle.
function Canvas:over(x, y, width, height)
  local mouse = self.mouse
  return mouse.x >= x and mouse.x < x + width and mouse.y >= y and mouse.y < y + height
end

-- The first characters of a word that fit into `width`, at least one; and the rest.
local function cut(self, word, width)
  local place = 1
  for at in utf8.codes(word) do
    if at > 1 and self:measure(word:sub(1, at - 1)) > width then break end
    place = at
  end
  if place == 1 then place = utf8.offset(word, 2) end
  return word:sub(1, place - 1), word:sub(place)
end

-- Words with the spaces behind them; one that is wider than the sheet, in pieces that are not.
local function pieces(self, paragraph, width)
  local list = {}
  for word in paragraph:gmatch("%s*%S*%s*") do
    while word ~= "" and self:measure((word:gsub("%s+$", ""))) > width and utf8.len(word) > 1 do
      list[#list + 1], word = cut(self, word, width)
    end
    if word ~= "" then list[#list + 1] = word end
  end
  return list
end

local function wrap_paragraph(self, paragraph, width, lines, at)
  local line = ""
  for _, piece in ipairs(pieces(self, paragraph, width)) do
    if line ~= "" and self:measure(line .. (piece:gsub("%s+$", ""))) > width then
      lines[#lines + 1] = { text = line, at = at }
      at, line = at + utf8.len(line), piece
    else
      line = line .. piece
    end
  end
  lines[#lines + 1] = { text = line, at = at }
  return at + utf8.len(line) + 1
end

--- A text's lines when it must not be wider than `width`: {text, at = characters before it}. No character is left
--- out but line ends. Remembered, because measuring is what takes time.
function Canvas:wrap(text, width)
  local key = ("%d\0%s"):format(math.floor(width), text)
  if self.wraps[key] then return self.wraps[key] end
  if self.wrap_count > MOST_WRAPS then self.wraps, self.wrap_count = {}, 0 end
  local lines, at = {}, 0
  local readable = utf8.len(text) and text or text:gsub("[\128-\255]", "?")
  for paragraph in (readable .. "\n"):gmatch("(.-)\n") do at = wrap_paragraph(self, paragraph, width, lines, at) end
  self.wraps[key], self.wrap_count = lines, self.wrap_count + 1
  return lines
end

return canvas
