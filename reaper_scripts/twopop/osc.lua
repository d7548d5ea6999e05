-- OSC 1.0 messages with the types i, f and s: what twopop speaks, and nothing else.
-- Pure: the same bytes under Lua 5.3 and 5.4.
local osc = {}

local MOST_ARGUMENTS = 200

local function padded(text)
  return text .. string.rep("\0", 4 - #text % 4)
end

local WRITE = {
  i = function(value) return string.pack(">i4", value) end,
  f = function(value) return string.pack(">f", value) end,
  s = function(value) return padded(value) end,
}

--- A datagram. `arguments` is a list of {type, value}: {"i", 3}, {"f", 0.5}, {"s", "text"}.
function osc.encode(path, arguments)
  local types, values = { "," }, {}
  for place, argument in ipairs(arguments) do
    types[place + 1] = argument[1]
    values[place] = WRITE[argument[1]](argument[2])
  end
  return padded(path) .. padded(table.concat(types)) .. table.concat(values)
end

-- A string and where the next thing begins; nil where it does not end inside the data.
local function read_text(data, at)
  local stop = data:find("\0", at, true)
  if not stop then return nil end
  local after = at + ((stop - at) // 4 + 1) * 4
  if after > #data + 1 then return nil end
  return data:sub(at, stop - 1), after
end

local function read_number(format)
  return function(data, at)
    if at + 3 > #data then return nil end
    return (string.unpack(format, data, at)), at + 4
  end
end

local READ = { i = read_number(">i4"), f = read_number(">f"), s = read_text }

local function read_arguments(data, at, types, message)
  for place = 1, #types do
    local read = READ[types:sub(place, place)]
    if not read then return nil, "an OSC type that is not used here" end
    local value
    value, at = read(data, at)
    if value == nil then return nil, "cut off" end
    message[place] = value
  end
  if at ~= #data + 1 then return nil, "longer than its arguments" end
  return message
end

--- The message in a datagram: {path = "/...", [1] = ..., n = count}; nil and why where there is none.
function osc.decode(data)
  if #data % 4 ~= 0 or data:sub(1, 1) ~= "/" then return nil, "no OSC message" end
  local path, at = read_text(data, 1)
  if not path or at > #data then return nil, "no type tags" end
  local types
  types, at = read_text(data, at)
  if not types or types:sub(1, 1) ~= "," then return nil, "no type tags" end
  if #types - 1 > MOST_ARGUMENTS then return nil, "too many arguments" end
  return read_arguments(data, at, types:sub(2), { path = path, n = #types - 1 })
end

return osc
