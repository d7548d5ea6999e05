-- The panel's part about the two bridges: the description that can be edited, and the references that can be replaced.
local say = require "twopop.say"

local bridges = {}

local TRACKS = { "broad", "targeted" }
local MODES = { "off", "this one" }
local LOOKS = "twopop looks"

--- Takes over what a finished or running take says of its bridges.
function bridges.hear(state, take)
  if take.text ~= "" and take.text ~= state.described then
    if state.text == "" or state.text == state.described then state.text = take.text end
    state.described = take.text
  end
  for _, reference in ipairs(take.references) do state.found[reference.track] = reference end
end

--- Draws the description.
function bridges.draw_text(kit, state)
  kit:text("What the music is told about the picture. Change it, and the next cue follows your words.", "dim")
  local text, changed = kit:lines("##description", state.text, 5)
  if changed then state.text = text end
  local edited = state.described ~= "" and state.text ~= state.described
  if kit:button("Revert", not edited) then state.text = state.described end
  kit:hint("Back to what twopop said itself.")
  if state.text ~= "" and state.text ~= state.described then
    kit:same_line()
    kit:text("your words will be used", "good")
  end
end

local function browse(reaper, one)
  local fine, path = reaper.GetUserFileNameForRead("", "A reference for the next cue", "")
  if fine and path ~= "" then one.value = path end
end

-- What a track of the bridge shall be: found by twopop, off, or this one.
local function draw_track(reaper, kit, state, track)
  local one = state.references[track]
  local found = state.found[track]
  if found then
    kit:text(say.reference(found), "dim")
    if found.path ~= "" then kit:hint(found.path) end
  end
  local shown = one.mode == "use" and MODES[2] or one.mode == "off" and MODES[1] or ""
  local picked, changed = kit:choice(track, shown, MODES, LOOKS)
  kit:hint(track == "broad" and "The piece that the whole cue leans on." or "The piece that your attributes led to.")
  if changed then
    one.mode = picked == MODES[2] and "use" or picked == MODES[1] and "off" or ""
    if one.mode == "use" and one.value == "" and found then one.value = found.id ~= "" and found.id or found.title end
  end
  if one.mode ~= "use" then return end
  one.value = kit:field("##" .. track, one.value)
  kit:hint("Its id or title in the library, or an audio file.")
  if kit:button("Browse ...##" .. track) then browse(reaper, one) end
end

--- Draws the references.
function bridges.draw_references(reaper, kit, state)
  for _, track in ipairs(TRACKS) do draw_track(reaper, kit, state, track) end
end

--- A fresh state for this part.
function bridges.state()
  local state = { text = "", described = "", found = {}, references = {} }
  for _, track in ipairs(TRACKS) do state.references[track] = { mode = "", value = "" } end
  return state
end

return bridges
