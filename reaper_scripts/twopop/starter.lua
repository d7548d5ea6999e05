-- Starting the server with the Python that it was installed in, never through a shell.
local discovery = require "twopop.discovery"
local files = require "twopop.files"

local starter = {}

local INSTALL = "Install twopop (see its README), and run once in a terminal: twopop serve"

--- Starts the server in the background: true; nil and a problem where it is not known how.
function starter.start(reaper)
  local python = discovery.python(reaper)
  if not python then
    return nil, { code = "twopop_absent", text = "twopop is not installed, or was never started.", remedy = INSTALL }
  end
  local command = reaper.file_exists(python) and files.command(python, "-m", "twopop", "serve")
  if not command then
    local text = "The Python that twopop was installed in is gone: " .. python
    return nil, { code = "python_gone", text = text, remedy = INSTALL }
  end
  reaper.ExecProcess(command, -2)
  return true
end

return starter
