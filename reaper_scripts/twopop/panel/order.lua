-- A request on its way from the button to the server, a part each turn: what lies under the range is read anew, then
-- written down. It is that of the tab in which the button was pressed, with what was set then; where its project changes
-- meanwhile, all begins again.
local asking = require "twopop.asking"
local memory = require "twopop.memory"
local selection = require "twopop.selection"
local slices = require "twopop.slices"

local order = {}

local Order = {}
Order.__index = Order

--- Begins an order in the tab in front: `wanted` is what `asking.request` is told beside the selection.
function order.begin(reaper, job, wanted)
  return setmetatable({ reaper = reaper, job = job, wanted = wanted, project = reaper.EnumProjects(-1) }, Order)
end

-- The request and its selection; nil and a problem.
local function put_together(self)
  local selected, problem = selection.read(self.reaper, self.project)
  if not selected then return nil, problem end
  local request, trouble = asking.request(self.reaper, selected, self.job, self.wanted)
  return request, request and selected or trouble
end

--- Goes on: whether it is over, and then the request and its selection; nil and a problem where there is none.
function Order:tick()
  if not memory.is_open(self.reaper, self.project) then return true, nil, memory.CLOSED end
  local count = self.reaper.GetProjectStateChangeCount(self.project)
  if count ~= self.count then
    self.count, self.go_on = count, slices.of(put_together, self)
  end
  return self.go_on()
end

--- Draws that it is going on; whether it shall stop.
function Order.draw(_, kit)
  kit:text("Reading the picture ...", "dim")
  return kit:button("Stop")
end

return order
