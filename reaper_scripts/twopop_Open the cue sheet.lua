-- @description twopop: open the cue sheet
-- @author The twopop founders
-- @version 0.1.0
-- @noindex
-- @about Opens the cue sheet of the selected item's take.
local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
package.path = here .. "?.lua;" .. package.path
require("twopop.scripts").sheet(reaper, gfx)
