-- @description twopop: restore settings from item
-- @author The twopop founders
-- @version 0.1.0
-- @noindex
-- @about Fills the panel with what the selected item was made with.
local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
package.path = here .. "?.lua;" .. package.path
require("twopop.scripts").restore(reaper, gfx)
