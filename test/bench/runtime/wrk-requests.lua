-- Sends the requests of a file in turn, and prints what came of it as one line of JSON. The file has a request after
-- another, each ended by a line that is a NUL byte alone; `wrk` is told the file as its first argument.
local requests = {}
local sent = 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for text in file:read("*a"):gmatch("(.-)\n%z\n") do
    requests[#requests + 1] = text
  end
  file:close()
end

function request()
  sent = sent % #requests + 1
  return requests[sent]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '\nFIGURES {"perSecond":%.1f,"p50":%.4f,"p99":%.4f,"errors":%d}\n',
    summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000,
    latency:percentile(99) / 1000,
    failed
  ))
end
