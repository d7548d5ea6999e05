-- Finding the server: the file that it writes into the user's config folder while it runs, and the one that stays.
local files = require "twopop.files"
local json = require "twopop.json"

local discovery = {}

local function home()
  return os.getenv("HOME") or os.getenv("USERPROFILE") or ""
end

--- The config folder, the same that the server takes: TWOPOP_CONFIG_DIR, else the system's place for it.
function discovery.config_folder(reaper)
  local given = os.getenv("TWOPOP_CONFIG_DIR")
  if given and given ~= "" then return given end
  if files.windows(reaper) then
    return files.join(os.getenv("LOCALAPPDATA") or files.join(home(), "AppData", "Local"), "twopop")
  end
  local os_name = reaper.GetOS()
  if os_name:find("^OSX") or os_name:find("^macOS") then
    return files.join(home(), "Library", "Application Support", "twopop")
  end
  local base = os.getenv("XDG_CONFIG_HOME")
  return files.join(base and base ~= "" and base or files.join(home(), ".config"), "twopop")
end

local function problem(code, text)
  return { code = code, text = text, remedy = "Start the server with: twopop serve" }
end

local function complete(found)
  return type(found) == "table" and type(found.host) == "string" and math.type(found.port) == "integer"
    and type(found.python) == "string" and type(found.token) == "string"
end

--- The server that says it runs: {host, port, token, pid, python, protocol}; nil and a problem. Whether it is
--- still alive only an answer tells.
function discovery.find(reaper)
  local text = files.read(files.join(discovery.config_folder(reaper), "server.json"))
  if not text then return nil, problem("server_absent", "No twopop server runs on this computer.") end
  local found = json.read(text)
  if not complete(found) then return nil, problem("server_damaged", "The server's discovery file is damaged.") end
  return found
end

--- The Python that twopop is installed in, as it was last recorded; nil where it never ran.
function discovery.python(reaper)
  local text = files.read(files.join(discovery.config_folder(reaper), "home.json"))
  local found = text and json.read(text)
  return type(found) == "table" and type(found.python) == "string" and found.python or nil
end

return discovery
