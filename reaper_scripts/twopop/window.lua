-- A window that lives: the widgets that this REAPER has, one frame and one turn of work per defer, and a clean end
-- however it ends.
local kit_gfx = require "twopop.kit_gfx"
local kit_imgui = require "twopop.kit_imgui"

local window = {}

local TOGGLE_ON, TOGGLE_OFF, ONCE = 4, 8, 1

local function clipboard(reaper)
  if not reaper.APIExists("CF_GetClipboard") then return nil end
  return {
    read = function() return reaper.CF_GetClipboard() end,
    write = function(text) reaper.CF_SetClipboard(text) end,
  }
end

--- Opens widgets: {title, width, height, size, plain = never ReaImGui}. The kit, and a problem where ReaImGui is
--- there but does not work, for people to see.
function window.open(reaper, gfx, options)
  local gui, problem
  if not options.plain then gui, problem = kit_imgui.load(reaper) end
  if gui then
    return kit_imgui.open({ imgui = gui, title = options.title, width = options.width, height = options.height })
  end
  local kit = kit_gfx.open({
    gfx = gfx, title = options.title, width = options.width, height = options.height, size = options.size,
    clipboard = clipboard(reaper),
  })
  return kit, problem and problem.code == "imgui_failed" and problem or nil
end

local function action(reaper, flags)
  if reaper.APIExists("set_action_options") then reaper.set_action_options(flags) end
end

--- Lets a window live: {kit, draw(kit), tick(), over() = true when it may close, finish()}. `finish` runs once,
--- whether the window was closed, the script was ended or REAPER quits.
function window.run(reaper, options)
  local finished = false
  local function finish()
    if finished then return end
    finished = true
    options.finish()
    options.kit:close()
    action(reaper, TOGGLE_OFF)
  end
  local function turn()
    if finished then return end
    local alive = options.kit:frame(options.draw)
    options.tick()
    if alive and not options.over() then reaper.defer(turn) else finish() end
  end
  action(reaper, ONCE | TOGGLE_ON)
  reaper.atexit(finish)
  turn()
end

return window
