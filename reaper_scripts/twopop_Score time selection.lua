-- @description twopop: score the time selection
-- @author The twopop founders
-- @version 0.1.0
-- @changelog
--   First version.
-- @provides
--   [nomain] twopop/*.lua
--   [nomain] twopop/kit/*.lua
--   [nomain] twopop/panel/*.lua
--   [main] twopop_Audition references.lua
--   [main] twopop_New variation.lua
--   [main] twopop_Open the cue sheet.lua
--   [main] twopop_Re-import job.lua
--   [main] twopop_Regenerate this region.lua
--   [main] twopop_Regenerate this stem.lua
--   [main] twopop_Restore settings from item.lua
--   [main] twopop_Self-test.lua
-- @about
--   # twopop
--   Select a stretch of time over a video and press Score: music that fits the picture comes back as stems on tracks,
--   exact to the sample.
--
--   The music is made by the twopop server on your own computer, which is not part of this package: install it as its
--   README says, and run it once. Afterwards the scripts find it, and start it when it is down.
--
--   Every action leaves your project as it was but for what it adds, in one undo step.
local here = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or ""
package.path = here .. "?.lua;" .. package.path
require("twopop.scripts").score(reaper, gfx)
