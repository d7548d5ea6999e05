-- Listening to what the music bridge would lean on, before any music is written: references with score and why, heard,
-- dropped on a track, or taken for the next cue.
local bridges = require "twopop.panel.bridges"
local chance = require "twopop.chance"
local finishing = require "twopop.finishing"
local form = require "twopop.form"
local handing = require "twopop.handing"
local job = require "twopop.panel.job"
local order = require "twopop.panel.order"
local previewing = require "twopop.previewing"
local range = require "twopop.panel.range"
local session = require "twopop.session"
local settings = require "twopop.settings"
local window = require "twopop.window"

local audition = {}

local EACH = 8 -- references for each track of the bridge
local TRACKS = { "broad", "targeted" }

local Audition = {}
Audition.__index = Audition

--- Asks for references to the current selection, with the controls that the panel was left with.
function Audition:search()
  if self.order or not self.talk.rows then return end
  self.problem = nil
  local shown = form.new(self.talk.rows, self.kept.values)
  shown:set("audition", EACH)
  self.order = order.begin(self.reaper, chance.job(self.reaper), {
    controls = shown:pairs(), text = self.state.text, described = self.state.described, hits = "off", follow_tempo = false,
  })
end

-- Goes on with what was asked for, else with looking at the range.
function Audition:_order()
  if not self.order then
    range.read(self.reaper, self.state, self.reaper.time_precise())
    return
  end
  local over, request, more = self.order:tick()
  if not over then return end
  self.order, self.problem = nil, not request and more or nil
  if request then
    self.talk:add({ job = request.job, kind = "audition", request = request, project = more.project })
  end
end

function Audition:_stop()
  if self.sound then self.sound.stop() end
  self.sound, self.heard = nil, nil
end

function Audition:_play(reference)
  self:_stop()
  self.sound, self.problem = previewing.play(self.reaper, reference.path)
  self.heard = self.sound and reference or nil
end

-- Hands a reference to the panel, for a track of the bridge.
function Audition:_use(reference, track)
  local value = reference.id ~= "" and reference.id or reference.title
  handing.give(self.reaper, "use_" .. track, { value = value, title = reference.title })
  self.told = ("%s will be the %s reference of the next cue."):format(reference.title, track)
end

function Audition:_draw_reference(kit, reference, number)
  local mark = ("##%d"):format(number)
  local on = self.picked == number
  local pressed = kit:row(("%.2f  %s%s"):format(reference.score, reference.title, mark), on)
  if pressed then self.picked = not on and number or nil end
  kit:hint(reference.why)
  if not on then return end
  if reference.why ~= "" then kit:text(reference.why, "dim") end
  if self.heard == reference then
    if kit:button("Stop" .. mark) then self:_stop() end
  elseif kit:button("Play" .. mark, reference.path == "") then
    self:_play(reference)
  end
  kit:same_line()
  if kit:button("On a track" .. mark, reference.path == "") then
    local _, problem = previewing.drop(self.reaper, self.reaper.EnumProjects(-1), reference.path, reference.title)
    self.problem = problem
  end
  for _, track in ipairs(TRACKS) do
    kit:same_line()
    if kit:button(("Use as %s%s"):format(track, mark)) then self:_use(reference, track) end
  end
end

function Audition:_draw_found(kit, take)
  self.tab = kit:tabs(TRACKS, self.tab)
  for number, reference in ipairs(take.references) do
    if reference.track == self.tab then self:_draw_reference(kit, reference, number) end
  end
end

--- Draws everything.
function Audition:draw(kit)
  local entry = self.talk:latest()
  job.draw_state(kit, self.talk)
  range.draw(kit, self.state)
  if self.problem then kit:text(self.problem.text .. " " .. (self.problem.remedy or ""), "bad") end
  if kit:button("Look for references", not self.talk.rows or self.order ~= nil) or kit:key("enter") then self:search() end
  if self.order and self.order:draw(kit) then self.order = nil end
  self.state.text = kit:lines("description##audition", self.state.text, 3)
  kit:hint("Empty: the picture is described by twopop.")
  job.draw_running(kit, self.talk, entry)
  if self.told then kit:text(self.told, "good") end
  if entry and entry.state == "done" then self:_draw_found(kit, entry.take) end
  if kit:key("escape") then self.closing = true end
end

--- One turn.
function Audition:tick()
  self:_order()
  self.talk:tick()
  local entry = self.talk:latest()
  if entry and entry.take then bridges.hear(self.state, entry.take) end
  if self.sound and not self.sound.is_on() then self:_stop() end
end

--- The window.
function audition.run(reaper, gfx)
  local kept = settings.load(reaper)
  local kit = window.open(reaper, gfx, { title = "twopop: references", width = 560, height = 560, plain = kept.plain })
  local talk = session.new(reaper, { finish = finishing })
  local page = setmetatable({
    reaper = reaper, talk = talk, kept = kept, state = bridges.state(), tab = TRACKS[1],
  }, Audition)
  window.run(reaper, {
    kit = kit,
    draw = function(widgets) page:draw(widgets) end,
    tick = function() page:tick() end,
    over = function() return page.closing end,
    finish = function()
      page:_stop()
      talk:close()
    end,
  })
end

return audition
