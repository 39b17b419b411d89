-- Asks for each of the addresses in BENCH_PATHS in turn, again and again.
dofile("pace.lua")
wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN")

local paths, last = {}, 0
for path in os.getenv("BENCH_PATHS"):gmatch("%S+") do table.insert(paths, path) end

function request()
    last = last % #paths + 1
    return wrk.format(nil, paths[last])
end
