-- Widgets by ReaImGui, where it is installed: the same functions as `kit_gfx`. The shim is asked for by version, so
-- that an update of ReaImGui does not change what we call; where it is missing or refuses, `open` says why.
local words = require "twopop.kit.words"

local kit_imgui = {}

local VERSION = "0.9.3"
local TONES = { dim = 0x9EA3ABFF, bad = 0xFA8C78FF, good = 0x8CD994FF, title = 0xFFFFFFFF }

--- ReaImGui's functions; nil and a problem.
function kit_imgui.load(reaper)
  if not reaper.APIExists("ImGui_GetBuiltinPath") then
    return nil, { code = "imgui_absent", text = "ReaImGui is not installed.", remedy = "Install it with ReaPack." }
  end
  local before = package.path
  package.path = reaper.ImGui_GetBuiltinPath() .. "/?.lua;" .. before
  local fine, found = pcall(function() return require "imgui"(VERSION) end)
  package.path = before
  if fine and type(found) == "table" then return found end
  return nil, {
    code = "imgui_failed", text = "ReaImGui does not work: " .. tostring(found),
    remedy = "Update ReaImGui with ReaPack; until then the plain panel does the same.",
  }
end

local Kit = {}
Kit.__index = Kit

--- Opens a window: {imgui = what `load` gave, title, width, height}.
function kit_imgui.open(options)
  local gui = options.imgui
  local context = gui.CreateContext(options.title)
  return setmetatable({
    name = "imgui", gui = gui, context = context, title = options.title, width = options.width, height = options.height,
  }, Kit)
end

--- Draws a frame: `draw` gets the kit. False when the window was closed.
function Kit:frame(draw)
  local gui, context = self.gui, self.context
  gui.SetNextWindowSize(context, self.width, self.height, gui.Cond_FirstUseEver)
  local visible, open = gui.Begin(context, self.title, true)
  if visible then
    gui.PushItemWidth(context, -gui.GetFontSize(context) * 9)
    draw(self)
    gui.PopItemWidth(context)
    gui.End(context)
  end
  return open
end

--- ReaImGui takes the window away by itself when it is drawn no more.
function Kit.close() end

--- ReaImGui remembers the window's place by itself: only what it was opened with.
function Kit:shape()
  return self.width, self.height
end

--- Whether a key was pressed that no widget took: escape, enter.
function Kit:key(name)
  local gui, context = self.gui, self.context
  if gui.IsAnyItemActive(context) then return false end
  if not gui.IsWindowFocused(context, gui.FocusedFlags_RootAndChildWindows) then return false end
  local code = name == "escape" and gui.Key_Escape or name == "enter" and gui.Key_Enter
  return code and gui.IsKeyPressed(context, code, false) or false
end

--- The next widget goes beside the last one.
function Kit:same_line()
  self.gui.SameLine(self.context)
end

--- Text over as many lines as it needs; tone: "dim", "title", "good" or "bad".
function Kit:text(text, tone)
  local gui, context = self.gui, self.context
  if TONES[tone] then gui.PushStyleColor(context, gui.Col_Text, TONES[tone]) end
  gui.PushTextWrapPos(context, 0)
  gui.Text(context, text)
  gui.PopTextWrapPos(context)
  if TONES[tone] then gui.PopStyleColor(context) end
end

--- A button: true in the frame in which it is pressed. Off, it is shown but takes no click.
function Kit:button(label, off)
  local gui, context = self.gui, self.context
  if off then gui.BeginDisabled(context, true) end
  local pressed = gui.Button(context, label)
  if off then gui.EndDisabled(context) end
  return pressed and not off
end

--- A switch: its value, and whether it was changed.
function Kit:toggle(label, on)
  local changed, now = self.gui.Checkbox(self.context, label, on)
  return now, changed
end

--- One of some words: the word, and whether it was changed. `none` is what "" is called; nil: there must be a word.
function Kit:choice(label, value, list, none)
  local gui, context = self.gui, self.context
  local found = value
  if not gui.BeginCombo(context, label, value ~= "" and value or none or "") then return value, false end
  if none and gui.Selectable(context, none .. "##none", value == "") then found = "" end
  for _, word in ipairs(list) do
    if gui.Selectable(context, word, value == word) then found = word end
  end
  gui.EndCombo(context)
  return found, found ~= value
end

--- Some of some words, in the order in which they were picked; with `forbids` a second click puts "-" in front.
function Kit:choices(label, chosen, list, forbids)
  local gui, context = self.gui, self.context
  local preview = #chosen > 0 and table.concat(chosen, ", ") or "any"
  if not gui.BeginCombo(context, label, preview, gui.ComboFlags_HeightLarge) then return chosen, false end
  local states, picked = {}, nil
  for _, word in ipairs(chosen) do states[word] = true end
  for _, word in ipairs(list) do
    local minus = states["-" .. word] or false
    local shown = (minus and "-" .. word or word) .. "##" .. word
    local on = minus or states[word] or false
    if gui.Selectable(context, shown, on, gui.SelectableFlags_DontClosePopups) then picked = word end
  end
  gui.EndCombo(context)
  if picked then return words.turned(chosen, picked, forbids), true end
  return chosen, false
end

--- A number: {low, high, whole, unit}. Its value, and whether it was changed.
function Kit:number(label, value, spec)
  local gui, context = self.gui, self.context
  local unit = spec.unit and spec.unit ~= "" and " " .. spec.unit:gsub("%%", "%%%%") or ""
  local changed, now
  if spec.high - spec.low > 10000 then
    changed, now = gui.InputInt(context, label, math.floor(value))
  elseif spec.whole then
    local low, high = math.floor(spec.low), math.floor(spec.high)
    changed, now = gui.SliderInt(context, label, math.floor(value), low, high, "%d" .. unit)
  else
    changed, now = gui.SliderDouble(context, label, value, spec.low, spec.high, "%.1f" .. unit)
  end
  if not changed then return value, false end
  return math.max(spec.low, math.min(spec.high, now)), true
end

--- A line of text: what it says, and whether it was changed.
function Kit:field(label, text)
  local changed, now = self.gui.InputText(self.context, label, text)
  return now, changed
end

--- Several lines of text, `rows` high: what they say, and whether that was changed.
function Kit:lines(label, text, rows)
  local height = self.gui.GetTextLineHeight(self.context) * ((rows or 4) + 1)
  local shown = label:gsub("##.*", "")
  if shown ~= "" then self:text(shown, "dim") end
  local changed, now = self.gui.InputTextMultiline(self.context, "##" .. label, text, -1, height)
  return now, changed
end

--- A row of a list: true when it is pressed.
function Kit:row(label, on)
  return (self.gui.Selectable(self.context, label, on or false))
end

--- How far something is, 0 to 1, with a text on it.
function Kit:progress(fraction, text)
  self.gui.ProgressBar(self.context, fraction, -1, 0, text)
end

--- A heading that opens and closes what is below it: whether it is open.
function Kit:section(label, open)
  local gui, context = self.gui, self.context
  gui.SetNextItemOpen(context, open)
  return (gui.CollapsingHeader(context, label))
end

--- Tabs: the label of the one that is open.
function Kit:tabs(labels, current)
  local gui, context, found = self.gui, self.context, current
  if not gui.BeginTabBar(context, "##tabs") then return current end
  for _, label in ipairs(labels) do
    if gui.BeginTabItem(context, label) then
      found = label
      gui.EndTabItem(context)
    end
  end
  gui.EndTabBar(context)
  return found
end

--- What is said while the mouse rests on the last widget.
function Kit:hint(text)
  if text ~= "" then self.gui.SetItemTooltip(self.context, text) end
end

return kit_imgui
