-- What has been heard of a job, and what is still missing. Any message may come twice, late, or never.
local gathered = {}

local Gathered = {}
Gathered.__index = Gathered

--- The take of a job that nothing is known of yet.
function gathered.new(job)
  local take = { job = job, state = "waiting", fraction = 0, stage = "", text = "", references = {}, hits = {}, stems = {} }
  return setmetatable({ take = take, parts = {}, seen = {}, accepted = false, over = false }, Gathered)
end

local function reference(self, line)
  local key = ("%s\0%s\0%s"):format(line.track, line.title, line.id)
  if self.seen[key] then return end
  self.seen[key] = true
  table.insert(self.take.references, line)
end

local function hit(self, line)
  local place = #self.take.hits + 1
  for number, known in ipairs(self.take.hits) do
    if known.frame == line.frame then
      place = number
    elseif known.frame > line.frame and place > #self.take.hits then
      table.insert(self.take.hits, number, line)
      return
    end
  end
  self.take.hits[place] = line
end

local function description(self, line)
  self.parts[line.part] = line.text
  self.part_count = line.parts
  local text = {}
  for part = 1, line.parts do
    if not self.parts[part] then return end
    text[part] = self.parts[part]
  end
  self.take.text = table.concat(text)
  self.described = true
end

local TAKES = {
  accepted = function(self, line)
    if self.over then return end
    self.take.state, self.take.waiting = line.state == "running" and "running" or "accepted", line.waiting
  end,
  progress = function(self, line)
    if not self.over then self.take.state = "running" end
    self.take.fraction = math.max(self.take.fraction, line.fraction)
    self.take.stage, self.take.eta = line.stage, line.eta
  end,
  description = description,
  reference = reference,
  hit = hit,
  stem = function(self, line) self.take.stems[line.index] = line end,
  done = function(self, line)
    self.over, self.take.folder, self.stem_count = true, line.folder, line.stem_count
  end,
  cancelled = function(self)
    self.over, self.take.state = true, "cancelled"
  end,
  error = function(self, line)
    self.over, self.take.state, self.take.error = true, "failed", { code = line.code, text = line.text }
  end,
}

--- Takes a message about the job in: a table of its named arguments, and which message it is.
function Gathered:hear(name, line)
  local take = TAKES[name]
  if not take then return end
  if name ~= "error" then self.accepted = true end
  take(self, line)
  if self:complete() and self.stem_count then self.take.state, self.take.fraction = "done", 1 end
end

--- Whether the job is over and nothing is missing.
function Gathered:complete()
  if not self.over then return false end
  if not self.stem_count then return true end
  for index = 1, self.stem_count do
    if not self.take.stems[index] then return false end
  end
  return self.described == true
end

return gathered
