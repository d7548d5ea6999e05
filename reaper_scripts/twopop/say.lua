-- What we say to people, and how: problems with their remedy, times, hits, references. Texts only, no REAPER.
local rates = require "twopop.rates"

local say = {}

local STAGES = {
  picture = "looking at the picture", describe = "describing it", retrieve = "looking for references",
  compose = "writing the music",
  render = "playing the stems", master = "mixing", deliver = "writing the files",
}

local STATES = {
  finding = "Looking for twopop ...", starting = "twopop is being started ...", connecting = "Connecting to twopop ...",
  ready = "twopop is ready.", scoring = "Scoring ...", placing = "Placing the stems ...", done = "Done.",
  failed = "That did not work.", cancelled = "Cancelled.", refused = "twopop refused us.",
  gone = "twopop does not answer any more; it is asked again and again. Jobs are not lost.",
}

--- A problem as one text: what is wrong, what to do, and the code for those who look it up.
function say.problem(problem)
  local parts = { problem.text }
  if (problem.remedy or "") ~= "" then parts[#parts + 1] = problem.remedy end
  if (problem.code or "") ~= "" then parts[#parts + 1] = "(" .. problem.code .. ")" end
  return table.concat(parts, "\n")
end

--- What a session does just now.
function say.state(state)
  return STATES[state] or state
end

--- Seconds that are left, as people say them.
function say.left(seconds)
  if not seconds then return "" end
  if seconds < 90 then return ("about %d s left"):format(math.max(1, math.floor(seconds + 0.5))) end
  return ("about %d min left"):format(math.floor(seconds / 60 + 0.5))
end

--- How far a take is: "writing the music, 40 %, about 12 s left".
function say.progress(take)
  if take.state == "waiting" then return "sent, waiting for an answer" end
  if take.state == "accepted" then
    return (take.waiting or 0) > 0 and ("in the queue, %d before it"):format(take.waiting) or "in the queue"
  end
  local stage = STAGES[take.stage] or take.stage
  local parts = { stage ~= "" and stage or "begun", ("%d %%"):format(math.floor(take.fraction * 100)) }
  if take.eta then parts[#parts + 1] = say.left(take.eta) end
  return table.concat(parts, ", ")
end

--- A range in timecode: "01:00:10:00 - 01:00:14:00, 96 frames at 23.976".
function say.range(range, offset)
  local rate = range.rate
  local shift = offset or 0
  local fps = ("%.3f"):format(rate.num / rate.den):gsub("%.?0+$", "")
  return ("%s - %s, %d frames at %s%s"):format(
    rates.label(range.first + shift, rate), rates.label(range.stop + shift, rate), range.stop - range.first, fps,
    rate.drop and " drop-frame" or "")
end

-- The middle and the largest of some numbers.
local function spread(list)
  table.sort(list)
  return list[(#list + 1) // 2], list[#list]
end

--- How the music met the picture: "7 of 8 hits met; median 0.2, worst 1.4 frames".
function say.hits(hits)
  if #hits == 0 then return "No hits were asked for or found." end
  local met, away = 0, {}
  for _, hit in ipairs(hits) do
    if hit.error_frames then
      away[#away + 1] = math.abs(hit.error_frames)
      if math.abs(hit.error_frames) <= hit.tolerance + 1e-6 then met = met + 1 end
    end
  end
  if #away == 0 then return ("%d hits; the music answers none of them."):format(#hits) end
  local middle, worst = spread(away)
  return ("%d of %d hits met; median %.1f, worst %.1f frames away"):format(met, #hits, middle, worst)
end

--- A reference in one line: "broad: Night Drive, 0.62: dark, tense".
function say.reference(reference)
  local why = reference.why ~= "" and ": " .. reference.why or ""
  return ("%s: %s, %.2f%s"):format(reference.track, reference.title, reference.score, why)
end

--- A finished job: how many stems, in how many variations.
function say.stems(take)
  local names, variations, seen = 0, 0, {}
  for _, stem in ipairs(take.stems) do
    if not seen[stem.name] then names, seen[stem.name] = names + 1, true end
    variations = math.max(variations, stem.variation + 1)
  end
  if names == 0 then return "No stems." end
  local many = variations > 1 and (", %d variations as takes"):format(variations) or ""
  return ("%d stem%s%s."):format(names, names == 1 and "" or "s", many)
end

return say
