-- @description twopop: audition references
-- @author The twopop founders
-- @version 0.1.0
-- @noindex
-- @about Lists, plays and picks what the music would lean on.
local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
package.path = here .. "?.lua;" .. package.path
require("twopop.scripts").audition(reaper, gfx)
