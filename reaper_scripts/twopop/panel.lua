-- The panel: everything about scoring the time selection in one window, drawn by whichever kit there is.
local asking = require "twopop.asking"
local bridges = require "twopop.panel.bridges"
local chance = require "twopop.chance"
local form = require "twopop.form"
local handing = require "twopop.handing"
local history = require "twopop.panel.history"
local job = require "twopop.panel.job"
local opening = require "twopop.opening"
local order = require "twopop.panel.order"
local range = require "twopop.panel.range"
local settings = require "twopop.settings"

local panel = {}

local AGAIN = 5.0 -- seconds between two looks for jobs that another window left

local HITS = { "auto", "off", "markers", "auto and markers" }
local MARKERS = { "markers", "region", "none" }
local HITS_HELP = "Which moments the music marks: found in the picture, none, or the project's markers."

local Panel = {}
Panel.__index = Panel

--- A panel on a session: {session, settings, notice = a problem to show, or nil}.
function panel.new(reaper, options)
  local state = bridges.state()
  state.kept, state.notice = options.settings, options.notice
  return setmetatable({ reaper = reaper, session = options.session, state = state }, Panel)
end

-- The form, as soon as the server said what it takes; what was kept is filled in.
function Panel:_form()
  local rows = self.session.rows
  if rows and rows ~= self.rows then
    local values = self.form and self.form.values or self.state.kept.values
    self.rows, self.form = rows, form.new(rows, values)
  end
  return self.form
end

--- Asks for a score of the current selection, as the panel is set: from this turn on, until the picture is read and
--- written down. Nothing where that is going on.
function Panel:score()
  local state, shown = self.state, self:_form()
  if self.order then return end
  state.problem = nil
  self.order = order.begin(self.reaper, chance.job(self.reaper), {
    controls = shown and shown:pairs(), text = state.text, described = state.described,
    reference = asking.reference(state.references), hits = state.kept.hits, follow_tempo = state.kept.follow_tempo,
    options = settings.options(state.kept),
  })
end

-- Goes on with what was asked for; in the end the session has it.
function Panel:_order()
  local asked = self.order
  if not asked then return end
  local over, request, more = asked:tick()
  if not over then return end
  self.order = nil
  if not request then
    self.state.problem = more
    return
  end
  self.session:add({
    job = request.job, kind = "place", kept = true, project = more.project, request = request,
    range = { first = more.first, stop = more.stop, rate = more.rate }, options = asked.wanted.options,
  })
end

--- The same once more with another seed.
function Panel:variation()
  if self.order then return end
  if self:_form() then self.form:set("seed", chance.seed(self.reaper)) end
  self:score()
end

local function section(self, kit, name, draw)
  local open = self.state.kept.open
  open[name] = kit:section(name, open[name] or false)
  if open[name] then draw() end
end

function Panel:_draw_head(kit)
  local session, state = self.session, self.state
  if state.notice then kit:text(state.notice.text .. " " .. state.notice.remedy, "bad") end
  job.draw_state(kit, session)
  range.draw(kit, state)
  if state.problem then kit:text(state.problem.text .. " " .. (state.problem.remedy or ""), "bad") end
  local entry = session:latest()
  if kit:button("Score", self.order ~= nil) or kit:key("enter") then self:score() end
  if self.order and self.order:draw(kit) then self.order = nil end
  if entry and entry.state == "done" then self:_draw_after(kit, entry) end
  job.draw_running(kit, session, entry)
  job.draw_result(kit, entry)
end

-- What one does with a cue that is there.
function Panel:_draw_after(kit, entry)
  kit:same_line()
  if kit:button("New variation") then self:variation() end
  kit:hint("The same request with another seed.")
  kit:same_line()
  if kit:button("Open cue sheet") then
    local fine, problem = opening.cue_sheet(self.reaper, entry.take.folder)
    self.state.problem = not fine and problem or nil
  end
end

function Panel:_draw_music(kit)
  local shown = self:_form()
  if not shown then return kit:text("The controls come from twopop, as soon as it answers.", "dim") end
  shown:draw_first(kit, function() return chance.seed(self.reaper) end)
  local kept = self.state.kept
  kept.follow_tempo = kit:toggle("follow the project's tempo", kept.follow_tempo)
  kit:hint("Sends the tempo map of the range; off, the music takes its own tempo.")
end

function Panel:_draw_hits(kit)
  local kept = self.state.kept
  kept.hits = kit:choice("hits", kept.hits, HITS)
  kit:hint(HITS_HELP)
  if self:_form() then self.form:draw_one(kit, "sensitivity") end
end

function Panel:_draw_options(kit)
  local kept = self.state.kept
  kept.midi = kit:toggle("MIDI of each stem too", kept.midi)
  kept.tempo_map = kit:toggle("insert the cue's tempo map", kept.tempo_map)
  kit:hint("Into the project, at the range. Off, the project's tempo stays as it is.")
  kept.markers = kit:choice("hits in the project", kept.markers, MARKERS)
  kept.plain = kit:toggle("plain window even where ReaImGui is installed", kept.plain)
end

--- Draws everything.
function Panel:draw(kit)
  local state = self.state
  self:_draw_head(kit)
  section(self, kit, "Music", function() self:_draw_music(kit) end)
  section(self, kit, "Hits", function() self:_draw_hits(kit) end)
  section(self, kit, "Description", function() bridges.draw_text(kit, state) end)
  section(self, kit, "References", function() bridges.draw_references(self.reaper, kit, state) end)
  section(self, kit, "More controls", function() if self:_form() then self.form:draw_more(kit) end end)
  section(self, kit, "Placing", function() self:_draw_options(kit) end)
  section(self, kit, "History", function() history.draw(self.reaper, kit, self) end)
  if kit:key("escape") then state.closing = true end
end

-- What other scripts hand over: settings of an item, references that were listened to.
function Panel:_receive()
  if not self.form then return end -- it stays until the server said what there is
  local record = handing.take(self.reaper, "restore")
  if record then history.restore(self, record) end
  for track, one in pairs(self.state.references) do
    local picked = handing.take(self.reaper, "use_" .. track)
    if picked then
      one.mode, one.value = "use", picked.value
      self.state.kept.open.References = true
    end
  end
end

--- One turn: reads the range, hears what the running job says of its bridges, picks up what another panel left.
function Panel:tick()
  local reaper, state = self.reaper, self.state
  if self.order then self:_order() else range.read(reaper, state, reaper.time_precise()) end
  local now = reaper.time_precise()
  if not state.looked and (state.project ~= self.resumed or now - self.resumed_at > AGAIN) then
    self.resumed, self.resumed_at = state.project, now
    self.session:resume(state.project)
  end
  state.looked = false
  self.session:tick()
  handing.live(reaper)
  self:_receive()
  local entry = self.session:latest()
  if entry and entry.take and entry.kind == "place" then bridges.hear(state, entry.take) end
end

--- What to keep for next time, when the panel closes.
function Panel:keep(kit)
  local kept = self.state.kept
  handing.leave(self.reaper)
  if self.form then kept.values = self.form.values end
  local width, height, size = kit:shape()
  kept.width, kept.height, kept.size = math.floor(width), math.floor(height), size or kept.size
  settings.save(self.reaper, kept)
end

return panel
