-- @description twopop: re-import job
-- @author The twopop founders
-- @version 0.1.0
-- @noindex
-- @about Lists the server's jobs and places one on new tracks.
local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
package.path = here .. "?.lua;" .. package.path
require("twopop.scripts").reimport(reaper, gfx)
