-- @description twopop: self-test
-- @author The twopop founders
-- @version 0.1.0
-- @noindex
-- @about Checks this REAPER, the scripts and the server on an empty tab, and writes a report.
local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
package.path = here .. "?.lua;" .. package.path
require("twopop.scripts").selftest(reaper, gfx)
