-- @description twopop: new variation
-- @author The twopop founders
-- @version 0.1.0
-- @noindex
-- @about The cue of the selected item once more with another seed, as new takes.
local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
package.path = here .. "?.lua;" .. package.path
require("twopop.scripts").variation(reaper, gfx)
