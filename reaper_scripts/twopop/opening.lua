-- Opening things for a person outside REAPER, never through a shell.
local files = require "twopop.files"

local opening = {}

local PROGRAMS = {
  { "^Win", "explorer.exe" }, { "^OSX", "/usr/bin/open" }, { "^macOS", "/usr/bin/open" }, { "", "/usr/bin/xdg-open" },
}

local function problem(code, text, remedy)
  return nil, { code = code, text = text, remedy = remedy }
end

local function program(reaper)
  local name = reaper.GetOS()
  for _, pair in ipairs(PROGRAMS) do
    if name:find(pair[1]) then return pair[2] end
  end
end

--- Opens a file or folder with whatever the system has for it: true; nil and a problem.
function opening.file(reaper, path)
  if reaper.APIExists("CF_ShellExecute") then
    if reaper.CF_ShellExecute(path) then return true end
  else
    local shown = files.windows(reaper) and path:gsub("/", "\\") or path
    local command = files.command(program(reaper), shown)
    if command and reaper.ExecProcess(command, -1) then return true end
  end
  return problem("not_opened", "This could not be opened: " .. path, "Open it with a file manager.")
end

--- Opens the cue sheet of a take's folder.
function opening.cue_sheet(reaper, folder)
  if (folder or "") == "" then
    return problem("folder_unknown", "The take's folder is not known.", "Re-import the job first.")
  end
  local path = files.join(folder, "cue-sheet.md")
  if not reaper.file_exists(path) then
    return problem("sheet_missing", "There is no cue sheet at " .. path, "The take was moved or deleted.")
  end
  return opening.file(reaper, path)
end

return opening
