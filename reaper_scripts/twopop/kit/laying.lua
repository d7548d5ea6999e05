-- Where things go on the plain panel: one below the other or side by side, scrolled, and what lies over all of it.
local laying = {}

local GAP = 0.35 -- of a line between widgets

function laying:_scrolled()
  local sheet = self.sheet
  local step = -sheet.wheel * 3 * sheet.em
  if self:key("pgdn") then step = sheet.height * 0.9 elseif self:key("pgup") then step = -sheet.height * 0.9 end
  self.scroll = math.max(0, math.min(self.scroll + step, self.tall - sheet.height + sheet.em))
  self.scroll = math.floor(self.scroll)
end

-- What lies over everything: the scroll bar and the tip of the widget under the mouse.
function laying:_ornaments()
  local sheet = self.sheet
  if self.tall > sheet.height then
    local long = math.max(sheet.em, sheet.height * sheet.height / self.tall)
    local at = self.scroll / (self.tall - sheet.height + sheet.em) * (sheet.height - long)
    sheet:fill("line", sheet.width - sheet.em // 3, at, sheet.em // 4, long)
  end
  if not self.tip then return end
  local width = math.min(sheet.width - 2 * self.margin, 24 * sheet.em)
  local lines = sheet:wrap(self.tip, width - sheet.em)
  local height = #lines * sheet.em + self.margin
  local x = math.max(0, math.min(sheet.mouse.x, sheet.width - width))
  local y = sheet.mouse.y + sheet.em
  if y + height > sheet.height then y = math.max(0, sheet.mouse.y - height - self.margin) end
  sheet:fill("box", x, y, width, height)
  sheet:frame("line", x, y, width, height)
  for place, line in ipairs(lines) do
    sheet:write(line.text, x + self.margin, y + self.margin // 2 + (place - 1) * sheet.em)
  end
end

--- The next widget goes beside the last one, if there is room.
function laying:same_line()
  self.same = true
end

-- A place for a widget; nil width takes all that is left of the line.
function laying:_place(width, height)
  local gap = math.floor(self.sheet.em * GAP)
  local beside = self.same and self.last and self.last.right + gap
  self.same = false
  if beside and beside + (width or 6 * self.sheet.em) <= self.right then
    self.x, self.y = beside, self.last.y
  else
    self.x = self.margin
  end
  local box = { x = self.x, y = self.y, width = width or self.right - self.x, height = height or self.sheet.em }
  box.right = box.x + box.width
  self.last = box
  self.y = self.y + box.height + gap
  return box
end

function laying:_visible(box)
  return box.y + box.height > 0 and box.y < self.sheet.height
end

function laying:_over(box)
  return self.sheet:over(box.x, box.y, box.width, box.height)
end

function laying:_pressed(box)
  return self.sheet.mouse.pressed and self:_over(box)
end

--- What of a label is shown.
function laying.caption(label)
  return (label:gsub("##.*", ""))
end

-- A label on the left; the box for its widget on the right, shown when it is in sight.
function laying:_labelled(label)
  local shown = laying.caption(label)
  local row = self:_place(nil)
  local width = shown == "" and 0 or math.min(9 * self.sheet.em, row.width * 0.34)
  if shown ~= "" and self:_visible(row) then self.sheet:write(shown, row.x, row.y, "dim", width) end
  return { x = row.x + width, y = row.y, width = row.width - width, height = row.height, right = row.right }
end

function laying:_boxed(box, text, tone)
  if not self:_visible(box) then return end
  local sheet, pad = self.sheet, self.sheet.em // 4
  sheet:fill(tone or (self:_over(box) and "over" or "box"), box.x, box.y, box.width, box.height)
  sheet:write(text, box.x + pad, box.y + sheet.em // 8, "text", box.width - pad)
end

return laying
