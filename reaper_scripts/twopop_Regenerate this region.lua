-- @description twopop: regenerate this region
-- @author The twopop founders
-- @version 0.1.0
-- @noindex
-- @about Makes the selected stems anew under the time selection, as new takes.
local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
package.path = here .. "?.lua;" .. package.path
require("twopop.scripts").region(reaper, gfx)
