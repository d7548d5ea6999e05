-- Choosing on the plain panel: words that open below what they are for, and close again.
local words = require "twopop.kit.words"

local choosing = {}

-- A word that can be on ("on"), forbidden ("bad") or off: true when it is pressed.
function choosing:_chip(word, tone)
  local box = self:_place(self.sheet:measure(word) + self.sheet.em // 2)
  if self:_visible(box) then
    self.sheet:fill(tone == "on" and "on" or self:_over(box) and "over" or "box", box.x, box.y, box.width, box.height)
    self.sheet:write(word, box.x + self.sheet.em // 4, box.y + self.sheet.em // 8, tone == "bad" and "bad" or "text")
  end
  return self:_pressed(box)
end

-- The closed form of a choice: true while its words are shown below.
function choosing:_opened(label, text)
  local box = self:_labelled(label)
  self:_boxed(box, (self.expanded == label and "- " or "+ ") .. text)
  if self:_pressed(box) then self.expanded = self.expanded ~= label and label or nil end
  self.last = box
  return self.expanded == label
end

--- One of some words: the word, and whether it was changed. `none` is what "" is called; nil: there must be a word.
function choosing:choice(label, value, list, none)
  if not self:_opened(label, value ~= "" and value or none or "") then return value, false end
  local found
  if none and self:_chip(none, value == "" and "on") then found = "" end
  for place, word in ipairs(list) do
    if place > 1 or none then self:same_line() end
    if self:_chip(word, value == word and "on") then found = word end
  end
  if found == nil then return value, false end
  self.expanded = nil
  return found, found ~= value
end

--- Some of some words, in the order in which they were picked; with `forbids` a second click puts "-" in front.
function choosing:choices(label, chosen, list, forbids)
  local shown = #chosen > 0 and table.concat(chosen, ", ") or "any"
  if not self:_opened(label, shown) then return chosen, false end
  local states, picked = {}, nil
  for _, word in ipairs(chosen) do states[word] = true end
  for place, word in ipairs(list) do
    if place > 1 then self:same_line() end
    local minus = states["-" .. word]
    if self:_chip(minus and "-" .. word or word, minus and "bad" or states[word] and "on") then picked = word end
  end
  if picked then return words.turned(chosen, picked, forbids), true end
  return chosen, false
end

--- Tabs: the label of the one that is open.
function choosing:tabs(labels, current)
  local found = current
  for place, label in ipairs(labels) do
    if place > 1 then self:same_line() end
    if self:_chip(self.caption(label), label == current and "on") then found = label end
  end
  return found
end

return choosing
