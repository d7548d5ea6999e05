-- What each action of REAPER's list does: one function for each script, which only hands `reaper` and `gfx` over.
local actions = require "twopop.actions"
local finishing = require "twopop.finishing"
local handing = require "twopop.handing"
local opening = require "twopop.opening"
local panel = require "twopop.panel"
local say = require "twopop.say"
local session = require "twopop.session"
local settings = require "twopop.settings"
local watching = require "twopop.watching"
local window = require "twopop.window"

local scripts = {}

--- Score time selection: the panel.
function scripts.score(reaper, gfx)
  local kept = settings.load(reaper)
  local kit, notice = window.open(reaper, gfx, {
    title = "twopop", width = kept.width, height = kept.height, size = kept.size, plain = kept.plain,
  })
  local talk = session.new(reaper, { finish = finishing })
  local board = panel.new(reaper, { session = talk, settings = kept, notice = notice })
  window.run(reaper, {
    kit = kit,
    draw = function(widgets) board:draw(widgets) end,
    tick = function() board:tick() end,
    over = function() return board.state.closing end,
    finish = function()
      board:keep(kit)
      talk:close()
    end,
  })
end

local function tell(reaper, problem)
  reaper.ShowMessageBox(say.problem(problem), "twopop", 0)
end

-- Asks for what an action makes of the selection, and watches it.
local function ask(reaper, gfx, title, make)
  local entries, problem = make(reaper, reaper.EnumProjects(-1))
  if not entries then return tell(reaper, problem) end
  watching.run(reaper, gfx, "twopop: " .. title, entries)
end

--- Regenerate this stem.
function scripts.stem(reaper, gfx) ask(reaper, gfx, "regenerate this stem", actions.stems) end

--- Regenerate this region.
function scripts.region(reaper, gfx) ask(reaper, gfx, "regenerate this region", actions.region) end

--- New variation.
function scripts.variation(reaper, gfx) ask(reaper, gfx, "new variation", actions.variation) end

--- Restore settings from item: into the panel, which is opened where it is closed.
function scripts.restore(reaper, gfx)
  local record, problem = actions.settings(reaper, reaper.EnumProjects(-1))
  if not record then return tell(reaper, problem) end
  handing.give(reaper, "restore", record)
  if not handing.is_live(reaper) then scripts.score(reaper, gfx) end
end

--- Open the cue sheet.
function scripts.sheet(reaper)
  local folder, problem = actions.folder(reaper, reaper.EnumProjects(-1))
  local fine = folder
  if folder then fine, problem = opening.cue_sheet(reaper, folder) end
  if not fine then tell(reaper, problem) end
end

--- Re-import job.
function scripts.reimport(reaper, gfx) require("twopop.reimport").run(reaper, gfx) end

--- Audition references.
function scripts.audition(reaper, gfx) require("twopop.audition").run(reaper, gfx) end

--- Self-test.
function scripts.selftest(reaper) require("twopop.selftest").run(reaper) end

return scripts
