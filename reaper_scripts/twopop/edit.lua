-- A text that is being typed: the text, where the cursor stands in it, and whether all of it is marked.
-- Places count characters of UTF-8 from 0; what is no UTF-8 is never let in.
local edit = {}

local Edit = {}
Edit.__index = Edit

--- A text to edit, the cursor at its end; `many` lets Enter make a new line.
function edit.new(text, many)
  local clean = utf8.len(text) and text or ""
  return setmetatable({ text = clean, at = utf8.len(clean), all = false, many = many or false }, Edit)
end

local function split(text, at)
  local byte = utf8.offset(text, at + 1)
  return text:sub(1, byte - 1), text:sub(byte)
end

-- Control characters have no place in a message; a single line has no line ends either.
local function fit(self, piece)
  local clean = piece:gsub("\r\n?", "\n")
  if not self.many then clean = clean:gsub("%s*\n%s*", " ") end
  return (clean:gsub("\t", " "):gsub("[\0-\9\11-\31\127]", ""))
end

--- Puts a piece of text in at the cursor; what was marked goes.
function Edit:insert(piece)
  if not utf8.len(piece) then return end
  local clean = fit(self, piece)
  if self.all then self.text, self.at, self.all = "", 0, false end
  local before, after = split(self.text, self.at)
  self.text, self.at = before .. clean .. after, self.at + utf8.len(clean)
end

local function remove(self, first, stop)
  local before = split(self.text, first)
  local _, after = split(self.text, stop)
  self.text, self.at = before .. after, first
end

--- Takes everything out of it.
function edit.clear(self)
  self.text, self.at, self.all = "", 0, false
end

-- Where the line that the cursor is in begins and ends.
local function line(self)
  local before, after = split(self.text, self.at)
  local start = utf8.len(before:match("^(.*\n)") or "")
  return start, self.at + utf8.len(after:match("^[^\n]*"))
end

local function jump(self, step)
  local start, stop = line(self)
  local column, next_line = self.at - start, step < 0 and start - 1 or stop + 1
  if next_line < 0 or next_line > utf8.len(self.text) then return end
  self.at = next_line
  local first, last = line(self)
  self.at = math.min(first + column, last)
end

local ACTS = {
  backspace = function(self)
    if self.all then edit.clear(self) elseif self.at > 0 then remove(self, self.at - 1, self.at) end
  end,
  delete = function(self)
    if self.all then edit.clear(self) elseif self.at < utf8.len(self.text) then remove(self, self.at, self.at + 1) end
  end,
  left = function(self) self.at = math.max(0, self.at - 1) end,
  right = function(self) self.at = math.min(utf8.len(self.text), self.at + 1) end,
  home = function(self) self.at = line(self) end,
  ["end"] = function(self) self.at = select(2, line(self)) end,
  up = function(self) jump(self, -1) end,
  down = function(self) jump(self, 1) end,
}

--- Does what a key asks: true when it meant something here.
function Edit:press(name)
  if name == "all" then
    self.all = self.text ~= ""
    return true
  end
  if name == "enter" and self.many then
    self:insert("\n")
    return true
  end
  if not ACTS[name] then return false end
  ACTS[name](self)
  self.all = false
  return true
end

return edit
