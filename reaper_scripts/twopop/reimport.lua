-- A job that the server has, into the project: to the range that it was asked from where the project remembers it, else
-- to the edit cursor.
local card = require "twopop.card"
local finishing = require "twopop.finishing"
local job = require "twopop.panel.job"
local memory = require "twopop.memory"
local notation = require "twopop.notation"
local place = require "twopop.place"
local rates = require "twopop.rates"
local say = require "twopop.say"
local selection = require "twopop.selection"
local session = require "twopop.session"
local settings = require "twopop.settings"
local window = require "twopop.window"

local reimport = {}

local AGAIN = 2.0 -- seconds between two looks at what the project remembers

local function request_of(found)
  local origin = found.origin
  local num, den = tostring(origin.rate):match("^(%d+)/?(%d*)$")
  return {
    job = found.job, media = origin.media, first = origin.first, stop = origin.stop, controls = origin.controls,
    rate = { num = math.tointeger(tonumber(num)), den = math.tointeger(tonumber(den)) or 1, drop = false },
  }
end

-- The same length of time on the project's own frames, from the edit cursor on.
local function range_at_cursor(reaper, project, request)
  local rate = selection.rate(reaper, project)
  local first = rates.frame_at(reaper.GetCursorPositionEx(project), rate)
  local seconds = (request.stop - request.first) * request.rate.den / request.rate.num
  return { first = first, stop = first + rates.frame_at(seconds, rate), rate = rate }
end

-- What is read before a take is placed, a little each turn: whether all is there. The card is asked where the project
-- does not remember the job, and for notes and tempo.
local function prepare(reaper, entry)
  if not memory.is_open(reaper, entry.project) then return true end
  if not entry.reading then
    local record = memory.job(reaper, entry.project, entry.job)
    entry.record = record and record.request and record.range and record or nil
    if entry.record and not notation.wanted(entry.options) then return true end
    entry.reading = card.reader(entry.take.folder)
  end
  local done, found = entry.reading()
  entry.card = found
  return done
end

-- Where and with what a finished take is placed; nil and a problem.
local function target_of(reaper, entry)
  local project, take, record, found = entry.project, entry.take, entry.record, entry.card
  if record then return { project = project, range = record.range, request = record.request, card = found } end
  if not found or type(found.origin) ~= "table" then
    return nil, {
      code = "card_unreadable", text = "The take's card cannot be read: " .. tostring(take.folder),
      remedy = "It was moved, or lies on another computer.",
    }
  end
  local request = request_of(found)
  return { project = project, range = range_at_cursor(reaper, project, request), request = request, card = found }
end

-- Writes the job down in the project and places its take; undoing the placing leaves the note.
local function finish(reaper, entry)
  if not memory.is_open(reaper, entry.project) then return nil, memory.CLOSED end
  local target, trouble = target_of(reaper, entry)
  if not target then return nil, trouble end
  memory.remember_job(reaper, entry.project, {
    job = entry.job, kind = "place", request = target.request, range = target.range, options = entry.options,
  })
  memory.finish_job(reaper, entry.project, entry.job, "done", entry.take.folder)
  return place.take(reaper, target, entry.take, entry.options)
end

local List = {}
List.__index = List

function List:_refresh()
  local way = self.talk.connection
  if way.state ~= "up" or self.asked == way.link then return end
  self.asked = way.link
  way.link:jobs(function(rows)
    self.rows = {}
    for _, row in ipairs(rows) do
      if row.job ~= "" and (row.state == "done" or row.state == "running" or row.state == "queued") then
        table.insert(self.rows, 1, row)
      end
    end
  end)
end

-- Where each job would go, looked up now and then.
function List:_look()
  local project, now = self.reaper.EnumProjects(-1), self.reaper.time_precise()
  if self.project == project and self.seen == self.rows and now - self.looked < AGAIN then return end
  self.project, self.seen, self.looked, self.places = project, self.rows, now, {}
  for _, record in ipairs(memory.jobs(self.reaper, project)) do
    self.places[record.job] = record.range and say.range(record.range)
  end
  for _, row in ipairs(self.rows or {}) do self.places[row.job] = self.places[row.job] or "at the edit cursor" end
end

function List:_pick(row)
  local entry = self.talk:entry(row.job)
  if entry and entry.state ~= "failed" and entry.state ~= "done" then return end
  self.talk:add({ job = row.job, kind = "reimport", project = self.reaper.EnumProjects(-1), options = self.options })
end

function List:draw(kit)
  job.draw_state(kit, self.talk)
  local entry = self.talk:latest()
  job.draw_running(kit, self.talk, entry)
  job.draw_result(kit, entry)
  kit:text("A click places a job on new tracks: where it was asked from, or at the edit cursor.", "dim")
  if self.rows and #self.rows == 0 then kit:text("The server has no jobs.") end
  self:_look()
  for _, row in ipairs(self.rows or {}) do
    if kit:row(("%s  %s  %s"):format(row.job, row.state, self.places[row.job])) then self:_pick(row) end
  end
  if kit:key("escape") then self.closing = true end
end

--- The window with the server's jobs.
function reimport.run(reaper, gfx)
  local kept = settings.load(reaper)
  local kit = window.open(reaper, gfx, { title = "twopop: re-import", width = 620, height = 420, plain = kept.plain })
  local kinds = { reimport = finish, prepare = prepare, after = finishing.after }
  local talk = session.new(reaper, { finish = kinds })
  local list = setmetatable({ reaper = reaper, talk = talk, options = settings.options(kept) }, List)
  window.run(reaper, {
    kit = kit,
    draw = function(widgets) list:draw(widgets) end,
    tick = function()
      talk:tick()
      list:_refresh()
    end,
    over = function() return list.closing end,
    finish = function() talk:close() end,
  })
end

return reimport
