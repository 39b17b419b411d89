-- What the load scripts share: a number for each thread, requests at a fixed rate over all connections, and the result.
local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long seconds; long nanoseconds; } timespec;
    int clock_gettime(int clock, timespec *time);
]]
local time = ffi.new("timespec")
local monotonic = 1
local lanes = tonumber(os.getenv("BENCH_THREADS"))
local rate = tonumber(os.getenv("BENCH_RATE")) / lanes
local threads = {}
-- Of a thread at a fixed rate: the seconds from the moment at which each request was due to its answer.
latencies = {}

function setup(thread)
    thread:set("lane", #threads)
    table.insert(threads, thread)
end

local function now()
    ffi.C.clock_gettime(monotonic, time)
    return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

-- The milliseconds that a connection waits for its turn. At a fixed rate a thread has one connection, and this is called
-- once the answer to the request before has come. A request that the suite is too slow for is sent late; its latency
-- counts from the moment at which it was due, so that a pause of the suite is seen by all requests that fall into it.
if rate > 0 then
    local due
    function delay()
        local present = now()
        if due then
            table.insert(latencies, present - due)
            due = due + 1 / rate
        else
            due = present + lane / lanes / rate
        end
        return math.max(0, (due - present) * 1000)
    end
end

local function sorted()
    local all = {}
    for _, thread in ipairs(threads) do
        for _, seconds in ipairs(thread:get("latencies")) do table.insert(all, seconds * 1e6) end
    end
    table.sort(all)
    return all
end

function done(summary, latency)
    local errors, measured = summary.errors, sorted()
    local function percentile(p)
        if rate == 0 then return latency:percentile(p) end
        return measured[math.max(1, math.ceil(#measured * p / 100))] or 0
    end
    io.write(string.format(
        'RESULT {"requests": %d, "seconds": %f, "refused": %d, "broken": %d, "p50": %f, "p95": %f, "p99": %f}\n',
        summary.requests, summary.duration / 1e6, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout,
        percentile(50) / 1e3, percentile(95) / 1e3, percentile(99) / 1e3))
end
