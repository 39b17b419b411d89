-- Books one slot after the other, each for a patient who is new to the clinic. `booking.sql` walks the same way.
dofile("pace.lua")

local function variable(name) return tonumber(os.getenv("BENCH_" .. name)) end
local lanes, from, first = variable("THREADS"), variable("FROM"), variable("FIRST")
local step, slots = variable("STEP"), variable("SLOTS")
local bearer = "Bearer " .. os.getenv("BENCH_TOKEN")
local care = os.getenv("BENCH_CARE")
local practitioners, count = {}, 0
for id in os.getenv("BENCH_PRACTITIONERS"):gmatch("[^,]+") do table.insert(practitioners, id) end

function request()
    local k = from + count * lanes + lane
    count = count + 1
    local slot = k * step % slots
    local place = math.floor(slot / #practitioners)
    local start = first + math.floor(place / 40) * 86400 + place % 40 * 900
    return wrk.format("POST", "/api/appointments/create", {
        ["Authorization"] = bearer,
        ["Content-Type"] = "application/json",
        ["Idempotency-Key"] = string.format("bench-%030d", k),
    }, string.format(
        '{"careType":"%s","start":"%s","practitioner":"%s","patient":{"name":"Patient %06d","phone":"+2136%08d"}}',
        care, os.date("!%Y-%m-%dT%H:%M:%SZ", start), practitioners[slot % #practitioners + 1], k, k))
end
