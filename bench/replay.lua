-- Sends each request of the file named by REQUESTS once (see wrk.py); starts again only when all were sent.
local lines, at = {}, 0

function init(args)
  for line in io.lines(os.getenv("REQUESTS")) do
    local target, body = line:match("^(.-)\t(.*)$")
    lines[#lines + 1] = wrk.format("POST", wrk.path .. target, { ["Content-Type"] = "application/json" }, body)
  end
end

function request()
  at = at % #lines + 1
  return lines[at]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"answers": %d, "bad": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d}\n',
    summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.duration, latency:percentile(50), latency:percentile(99)))
end
