-- Asks for the address of the command line again and again.
dofile("pace.lua")
wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN")
