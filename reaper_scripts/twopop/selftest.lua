-- For a person with REAPER: whether this REAPER has what the scripts call, whether a stem lands where it should and can
-- be undone, whether the server answers. Works on an empty tab only; writes a report and shows what it found.
local connection = require "twopop.connection"
local files = require "twopop.files"
local functions = require "twopop.functions"
local json = require "twopop.json"
local kit_imgui = require "twopop.kit_imgui"
local place = require "twopop.place"

local selftest = {}

local REPORT = "twopop-selftest.json"
local PATIENCE = 120.0 -- seconds for the server, which may have to be started
local SAMPLE_RATE, SAMPLES = 48000, 96000
local RANGE = { first = 101, stop = 151, rate = { num = 25, den = 1, drop = false } }

--- Functions that this REAPER lacks: {needed = {...}, optional = {...}}.
function selftest.missing(reaper)
  local lacks = { needed = json.array {}, optional = json.array {} }
  for _, kind in ipairs({ "needed", "optional" }) do
    for _, name in ipairs(functions[kind]) do
      if not reaper.APIExists(name) then table.insert(lacks[kind], name) end
    end
  end
  return lacks
end

-- A WAV file of silence: 24-bit, mono.
local function wave(samples)
  local bytes = samples * 3
  return table.concat({
    string.pack("<c4I4c4", "RIFF", 36 + bytes, "WAVE"),
    string.pack("<c4I4I2I2I4I4I2I2", "fmt ", 16, 1, 1, SAMPLE_RATE, SAMPLE_RATE * 3, 3, 24),
    string.pack("<c4I4", "data", bytes), ("\0"):rep(bytes),
  })
end

local function is_empty(reaper, project)
  return reaper.CountTracks(project) == 0 and reaper.CountProjectMarkers(project) == 0
    and reaper.CountTempoTimeSigMarkers(project) == 0
end

local function take_of(path)
  local stem = {
    index = 1, count = 1, name = "drums", path = path, first_sample = 0, samples = SAMPLES, sample_rate = SAMPLE_RATE,
    variation = 0,
  }
  local hit = { frame = 10, weight = 1.0, tolerance = 1.0, label = "door", event = "accent", error_frames = 0.0 }
  return { job = "selftest", state = "done", text = "", references = {}, hits = { hit }, stems = { stem }, folder = "" }
end

local function place_it(reaper, project, path)
  local request = { job = "selftest", media = "", first = 0, stop = 50, rate = RANGE.rate, controls = {} }
  local target = { project = project, range = RANGE, request = request }
  return place.take(reaper, target, take_of(path), { markers = "markers", colours = true })
end

-- Whether the item begins on its sample and is as long as its file.
local function lies_right(reaper, item)
  local wanted = RANGE.first * SAMPLE_RATE // RANGE.rate.num
  local at = reaper.GetMediaItemInfo_Value(item, "D_POSITION") * SAMPLE_RATE
  local long = reaper.GetMediaItemInfo_Value(item, "D_LENGTH") * SAMPLE_RATE
  return math.floor(at + 0.5) == wanted and math.floor(long + 0.5) == SAMPLES
end

--- A stem placed, looked at, undone, done again and undone: {name = true | what was wrong}; nil where the tab is not
--- empty.
function selftest.round_trip(reaper, project)
  if not is_empty(reaper, project) then return nil end
  local path = files.join(reaper.GetResourcePath(), "twopop-selftest.wav")
  local found = {}
  local written, why = files.write(path, wave(SAMPLES))
  found.file = written or tostring(why)
  if not written then return found end
  local placed, problem = place_it(reaper, project, path)
  found.placed = placed and true or problem.text
  if placed then
    found.position = lies_right(reaper, placed.items[1]) or "the item is not where it should be"
    found.tracks = reaper.CountTracks(project) == 2 or "a folder and one child were expected"
    reaper.Undo_DoUndo2(project)
    found.undo = is_empty(reaper, project) or "undo left something behind"
    reaper.Undo_DoRedo2(project)
    found.redo = reaper.CountTracks(project) == 2 or "redo did not bring the tracks back"
    reaper.Undo_DoUndo2(project)
  end
  os.remove(path)
  return found
end

local function lines(report)
  local list = { ("REAPER %s on %s"):format(report.reaper, report.system) }
  local lacks = #report.missing.needed
  local lacking = table.concat(report.missing.needed, ", ")
  list[#list + 1] = lacks == 0 and "Functions: all there" or "Functions missing: " .. lacking
  if not report.round_trip then list[#list + 1] = "Round trip: not tried, the tab is not empty. Open a new one." end
  for name, result in pairs(report.round_trip or {}) do
    list[#list + 1] = ("Round trip, %s: %s"):format(name, result == true and "good" or result)
  end
  list[#list + 1] = "ReaImGui: " .. report.imgui
  list[#list + 1] = "Server: " .. report.server
  return list
end

local function finish(reaper, report)
  local path = files.join(reaper.GetResourcePath(), REPORT)
  local fine, why = files.write(path, json.write(report))
  local list = lines(report)
  list[#list + 1] = fine and "Report: " .. path or "The report could not be written: " .. tostring(why)
  reaper.ShowMessageBox(table.concat(list, "\n"), "twopop: self-test", 0)
end

-- What became of the way to the server; nil while it is not known yet.
local function verdict(reaper, way, began, rows)
  if rows then return ("%d controls, by %s, version %s"):format(#rows, way.transport_name, way.link.version) end
  if way.problem then return way.problem.text end
  if reaper.time_precise() - began > PATIENCE then return "no answer (" .. way.state .. ")" end
  return nil
end

--- Everything, over as many turns as the server needs.
function selftest.run(reaper)
  local gui, trouble = kit_imgui.load(reaper)
  local report = {
    version = 1, reaper = reaper.GetAppVersion(), system = reaper.GetOS(), lua = _VERSION,
    missing = selftest.missing(reaper), round_trip = selftest.round_trip(reaper, reaper.EnumProjects(-1)),
    imgui = gui and "there" or trouble.text,
  }
  local rows
  local way = connection.new(reaper, { on_up = function(link) link:controls(function(list) rows = list end) end })
  local began = reaper.time_precise()
  local function turn()
    way:tick()
    report.server = verdict(reaper, way, began, rows)
    if not report.server then return reaper.defer(turn) end
    way:close()
    finish(reaper, report)
  end
  reaper.atexit(function() way:close() end)
  turn()
end

return selftest
