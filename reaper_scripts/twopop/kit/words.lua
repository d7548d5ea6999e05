-- Words that can be picked, and some of them forbidden.
local words = {}

--- The list with a word in its next state: wanted, forbidden (where that is possible), neither.
function words.turned(chosen, word, forbids)
  local list, state = {}, nil
  for _, known in ipairs(chosen) do
    if known == word or known == "-" .. word then state = known else list[#list + 1] = known end
  end
  if not state then list[#list + 1] = word elseif forbids and state == word then list[#list + 1] = "-" .. word end
  return list
end

return words
