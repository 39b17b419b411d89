-- Calls the next ticket in one line after the other. `calling.sql` does the same.
dofile("pace.lua")

local lanes, run = tonumber(os.getenv("BENCH_THREADS")), os.getenv("BENCH_RUN")
local bearer = "Bearer " .. os.getenv("BENCH_TOKEN")
local queues, count = {}, 0
for queue in os.getenv("BENCH_QUEUES"):gmatch("%S+") do table.insert(queues, queue) end

function request()
    local k = count * lanes + lane
    count = count + 1
    return wrk.format("POST", "/api/queues/" .. queues[k % #queues + 1] .. "/call-next", {
        ["Authorization"] = bearer,
        ["Content-Type"] = "application/json",
        ["Idempotency-Key"] = string.format("call-%s-%020d", run, k),
    }, "{}")
end
