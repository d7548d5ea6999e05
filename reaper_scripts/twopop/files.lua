-- Small things with files and paths that work on every system that REAPER runs on.
local files = {}

--- Whether this is Windows.
function files.windows(reaper)
  return reaper.GetOS():find("^Win") ~= nil
end

--- A path from its parts.
function files.join(...)
  return (table.concat({ ... }, "/"):gsub("//+", "/"))
end

--- The whole content of a file; nil and why.
function files.read(path)
  local file, why = io.open(path, "rb")
  if not file then return nil, why end
  local text = file:read("a")
  file:close()
  return text
end

--- Writes a file whole: true, or nil and why. A full disk is noticed.
function files.write(path, text)
  local file, why = io.open(path, "wb")
  if not file then return nil, why end
  local fine, trouble = file:write(text)
  local closed, late = file:close()
  if fine and closed then return true end
  return nil, trouble or late
end

--- A path's last part, and the same without its ending.
function files.name(path)
  local name = path:match("([^/\\]+)[/\\]*$") or path
  return name, (name:gsub("%.[^.]*$", ""))
end

--- A program and its arguments as one command line for ExecProcess, which splits it by quotes and uses no shell;
--- nil where an argument holds a quote itself.
function files.command(...)
  local words = { ... }
  for place, word in ipairs(words) do
    if word:find('["\r\n]') then return nil end
    words[place] = '"' .. word .. '"'
  end
  return table.concat(words, " ")
end

return files
