-- For luacheck: REAPER's two globals exist in the entry scripts alone; which functions they have, a test adds.
std = "lua53+lua54"
max_line_length = 130
files["twopop_*.lua"] = { globals = { "reaper", "gfx" } }
files["twopop/schema.lua"] = { max_line_length = false }
files["twopop/functions.lua"] = { max_line_length = false }
