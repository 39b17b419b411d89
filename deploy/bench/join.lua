-- Joins one line after the other, each time as another patient. `joining.sql` does the same.
dofile("pace.lua")

local lanes, run = tonumber(os.getenv("BENCH_THREADS")), os.getenv("BENCH_RUN")
local codes, count = {}, 0
for code in os.getenv("BENCH_CODES"):gmatch("%S+") do table.insert(codes, code) end

function request()
    local k = count * lanes + lane
    count = count + 1
    return wrk.format("POST", "/api/queue/join", {
        ["Content-Type"] = "application/json",
        ["Idempotency-Key"] = string.format("join-%s-%020d", run, k),
    }, string.format('{"token":"%s"}', codes[k % #codes + 1]))
end
