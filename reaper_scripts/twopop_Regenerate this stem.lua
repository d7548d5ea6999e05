-- @description twopop: regenerate this stem
-- @author The twopop founders
-- @version 0.1.0
-- @noindex
-- @about Makes the selected stems anew, as new takes; everything else of the cue stays.
local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
package.path = here .. "?.lua;" .. package.path
require("twopop.scripts").stem(reaper, gfx)
