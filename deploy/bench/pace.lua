-- What the load scripts share: a number for each thread, requests at a fixed rate over all connections, and the result.
local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long seconds; long nanoseconds; } timespec;
    int clock_gettime(int clock, timespec *time);
]]
local time = ffi.new("timespec")
local monotonic = 1
local rate = tonumber(os.getenv("BENCH_RATE")) / tonumber(os.getenv("BENCH_THREADS"))
local threads, due = 0, 0

function setup(thread)
    thread:set("lane", threads)
    threads = threads + 1
end

local function now()
    ffi.C.clock_gettime(monotonic, time)
    return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

-- The milliseconds that a connection waits for its turn. Turns that the suite was too slow for are made up for within a
-- second, and lost after that: then the rate that is reported is lower than the one that was wanted.
if rate > 0 then
    function delay()
        local present = now()
        if due == 0 then due = present end
        due = math.max(due + 1 / rate, present - 1)
        return math.max(0, (due - present) * 1000)
    end
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        'RESULT {"requests": %d, "seconds": %f, "refused": %d, "broken": %d, "p50": %f, "p95": %f, "p99": %f}\n',
        summary.requests, summary.duration / 1e6, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout,
        latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
