-- JSON, as far as the server's files and our own notes use it: reading anything, writing plain values.
-- Numbers without a point are integers. Objects are written with sorted keys, so that equal values are equal texts.
local slices = require "twopop.slices"

local json = {}

--- Stands for JSON's null inside lists and objects.
json.null = setmetatable({}, { __tostring = function() return "null" end })

local ARRAY = {}
local MOST_DEPTH = 200

--- Marks a table as a list, so that an empty one is written as [].
function json.array(list)
  return setmetatable(list, ARRAY)
end

local ESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }

local read_value

local function skip(text, at)
  return text:find("[^ \t\r\n]", at) or #text + 1
end

local function fail(at, what)
  error({ at = at, what = what }, 0)
end

-- A code point of \uXXXX at `at` (behind the u), surrogate pairs joined.
local function read_unicode(text, at)
  local high = tonumber(text:match("^%x%x%x%x", at) or fail(at, "a broken \\u"), 16)
  local low = text:match("^\\u([dD][c-fC-F]%x%x)", at + 4)
  if high >= 0xD800 and high < 0xDC00 and low then
    return 0x10000 + (high - 0xD800) * 0x400 + tonumber(low, 16) - 0xDC00, at + 10
  end
  if high >= 0xD800 and high < 0xE000 then high = 0xFFFD end
  return high, at + 4
end

local function read_string(text, at)
  local parts, place = {}, at + 1
  while true do
    local stop = text:find('["\\]', place) or fail(at, "a string without end")
    parts[#parts + 1] = text:sub(place, stop - 1)
    if text:sub(stop, stop) == '"' then return table.concat(parts), stop + 1 end
    local sign = text:sub(stop + 1, stop + 1)
    if sign == "u" then
      local code
      code, place = read_unicode(text, stop + 2)
      parts[#parts + 1] = utf8.char(code)
    else
      parts[#parts + 1] = ESCAPES[sign] or fail(stop, "an unknown escape")
      place = stop + 2
    end
  end
end

local function read_number(text, at)
  local word = text:match("^-?%d+%.?%d*[eE]?[+-]?%d*", at)
  local value = word and (math.tointeger(tonumber(word)) and not word:find("[.eE]") and math.tointeger(tonumber(word))
    or tonumber(word))
  if not value then fail(at, "no value") end
  return value, at + #word
end

local function read_list(text, at, depth)
  local list, place = json.array({}), skip(text, at + 1)
  if text:sub(place, place) == "]" then return list, place + 1 end
  while true do
    list[#list + 1], place = read_value(text, place, depth)
    place = skip(text, place)
    local sign = text:sub(place, place)
    if sign == "]" then return list, place + 1 end
    if sign ~= "," then fail(place, "no comma in a list") end
    place = place + 1
  end
end

local function read_object(text, at, depth)
  local object, place = {}, skip(text, at + 1)
  if text:sub(place, place) == "}" then return object, place + 1 end
  while true do
    place = skip(text, place)
    if text:sub(place, place) ~= '"' then fail(place, "no key") end
    local key
    key, place = read_string(text, place)
    place = skip(text, place)
    if text:sub(place, place) ~= ":" then fail(place, "no colon") end
    object[key], place = read_value(text, place + 1, depth)
    place = skip(text, place)
    local sign = text:sub(place, place)
    if sign == "}" then return object, place + 1 end
    if sign ~= "," then fail(place, "no comma in an object") end
    place = place + 1
  end
end

local WORDS = { ["true"] = true, ["false"] = false, ["null"] = json.null }

function read_value(text, at, depth)
  if depth > MOST_DEPTH then fail(at, "nested too deep") end
  slices.rest()
  local place = skip(text, at)
  local sign = text:sub(place, place)
  if sign == '"' then return read_string(text, place) end
  if sign == "[" then return read_list(text, place, depth + 1) end
  if sign == "{" then return read_object(text, place, depth + 1) end
  local word = text:match("^%l+", place)
  if word and WORDS[word] ~= nil then return WORDS[word], place + #word end
  return read_number(text, place)
end

--- The value of a JSON text; nil and why where it is none.
function json.read(text)
  local fine, value, at = pcall(read_value, text, 1, 0)
  if not fine then
    return nil, type(value) == "table" and ("%s at %d"):format(value.what, value.at) or tostring(value)
  end
  if skip(text, at) <= #text then return nil, ("more behind the value at %d"):format(at) end
  return value
end

--- Reads a long text a part at a time: a function that goes on reading and says whether it is done, and then what
--- `json.read` says.
function json.reader(text)
  return slices.of(json.read, text)
end

local SIGNS = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function written_text(text)
  local plain = text:gsub('[%c"\\]', function(sign) return SIGNS[sign] or ("\\u%04x"):format(sign:byte()) end)
  return '"' .. plain .. '"'
end

local function written_number(value)
  if math.type(value) == "integer" then return ("%d"):format(value) end
  if value ~= value or value == math.huge or value == -math.huge then error("JSON has no such number") end
  return (("%.17g"):format(value):gsub(",", "."))
end

local function is_list(value)
  return getmetatable(value) == ARRAY or #value > 0
end

local function written_keys(value)
  local keys = {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

local JOINED = 512 -- pieces that are joined at a time: a long text is never put together in one go

local function put(out, piece)
  out[#out + 1] = piece
  if #out < JOINED then return end
  table.insert(out.joined, table.concat(out))
  for place = #out, 1, -1 do out[place] = nil end
end

local function write(out, value)
  slices.rest()
  local kind = type(value)
  if value == json.null then return put(out, "null") end
  if kind == "string" then return put(out, written_text(value)) end
  if kind == "number" then return put(out, written_number(value)) end
  if kind == "boolean" then return put(out, tostring(value)) end
  if kind ~= "table" then error("JSON has no " .. kind) end
  if is_list(value) then
    for place, item in ipairs(value) do
      put(out, place == 1 and "[" or ",")
      write(out, item)
    end
    return put(out, #value == 0 and "[]" or "]")
  end
  put(out, "{")
  for place, key in ipairs(written_keys(value)) do
    put(out, (place == 1 and "" or ",") .. written_text(key) .. ":")
    write(out, value[key])
  end
  put(out, "}")
end

--- The JSON text of a value made of tables, strings, numbers, booleans and json.null.
function json.write(value)
  local out = { joined = {} }
  write(out, value)
  return table.concat(out.joined) .. table.concat(out)
end

return json
