-- Numbers on the plain panel: dragged on a slider, or typed.
local numbers = {}

local SLIDERS = 10000 -- a wider range of numbers gets no slider

function numbers:_slide(label, box, value, spec)
  local sheet = self.sheet
  if self:_pressed(box) then self.dragged = label end
  if not sheet.mouse.down then self.dragged = self.dragged ~= label and self.dragged or nil end
  if self.dragged == label then
    local part = math.max(0, math.min(1, (sheet.mouse.x - box.x) / box.width))
    value = spec.low + part * (spec.high - spec.low)
    value = spec.whole and math.floor(value + 0.5) or math.floor(value * 10 + 0.5) / 10
  end
  if self:_visible(box) then
    sheet:fill("box", box.x, box.y, box.width, box.height)
    sheet:fill("on", box.x, box.y, box.width * (value - spec.low) / math.max(spec.high - spec.low, 1e-9), box.height)
  end
  return value
end

local function written(value, spec)
  if spec.whole or value == math.floor(value) then return ("%d"):format(math.floor(value)) end
  return ("%.1f"):format(value)
end

-- The number that was typed, within its range; the old one where it is none.
local function typed_number(text, value, spec)
  local found = tonumber((text:gsub(",", ".")))
  if not found or found ~= found then return value end
  found = math.max(spec.low, math.min(spec.high, found))
  return spec.whole and math.floor(found + 0.5) or found
end

--- A number: {low, high, whole, unit}. Its value, and whether it was changed.
function numbers:number(label, value, spec)
  local box, em = self:_labelled(label), self.sheet.em
  local slides = spec.high - spec.low <= SLIDERS
  local width = slides and 4 * em or 8 * em
  local now = value
  if slides then
    local slider = { x = box.x, y = box.y, width = box.width - width - 3 * em, height = box.height }
    now = self:_slide(label, slider, value, spec)
  end
  local field = { x = slides and box.right - width - 2.8 * em or box.x, y = box.y, width = width, height = box.height }
  local text, _, left = self:_typed(label, written(now, spec), field, { hold = true })
  if self:_visible(box) then self.sheet:write(spec.unit or "", field.x + width + em // 4, box.y, "dim") end
  if left then now = typed_number(text, now, spec) end
  self.last = box
  return now, now ~= value
end

return numbers
