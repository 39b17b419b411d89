-- Answers what pages.map lists, one page a line: PATH FILE TAG. A file that is worth it has FILE.gz beside it.
-- Files are read when HAProxy starts and stay in memory: a rule with `return` takes no file larger than its buffer.
local folder = os.getenv("GATEWAY_FOLDER")

local types = {
    css = "text/css; charset=utf-8",
    html = "text/html; charset=utf-8",
    js = "text/javascript; charset=utf-8",
    json = "application/json",
    txt = "text/plain; charset=utf-8",
    yaml = "application/yaml",
}

-- Scripts, styles and data come from here alone; swagger-ui.css has its pictures as data.
local policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    .. "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

local function content(path)
    local file = io.open(path, "rb")
    if not file then return nil end
    local bytes = file:read("a")
    file:close()
    return bytes
end

local pages = {}
for line in io.lines(folder .. "/pages.map") do
    local path, name, tag = line:match("^(%S+) (%S+) (%S+)$")
    local file = folder .. "/pages/" .. name
    pages[path] = { plain = content(file), packed = content(file .. ".gz"), tag = tag, type = types[name:match("%w+$")] }
end

-- The values of a header field in one text; empty without the field.
local function field(applet, name)
    local values = applet.headers[name]
    if not values then return "" end
    local all = {}
    for index = 0, #values do all[#all + 1] = values[index] end
    return table.concat(all, ", ")
end

local function accepts_gzip(applet)
    local encodings = field(applet, "accept-encoding")
    local quality = encodings:match("gzip%s*;%s*q=([%d.]+)")
    return encodings:find("gzip", 1, true) ~= nil and (quality == nil or (tonumber(quality) or 0) > 0)
end

core.register_service("pages", "http", function(applet)
    local page = pages[applet.path]
    local is_packed = page.packed ~= nil and accepts_gzip(applet)
    local body, tag = page.plain, '"' .. page.tag .. '"'
    if is_packed then body, tag = page.packed, '"' .. page.tag .. '-gzip"' end

    applet:add_header("ETag", tag)
    applet:add_header("Cache-Control", "no-cache")
    applet:add_header("Vary", "Accept-Encoding")
    applet:add_header("Access-Control-Allow-Origin", "*")
    if page.type == types.html then
        applet:add_header("Content-Security-Policy", policy)
        applet:add_header("Referrer-Policy", "no-referrer")
    end
    if field(applet, "if-none-match"):find(tag, 1, true) then
        applet:set_status(304)
        applet:start_response()
        return
    end
    applet:set_status(200)
    applet:add_header("Content-Type", page.type)
    applet:add_header("Content-Length", tostring(#body))
    if is_packed then applet:add_header("Content-Encoding", "gzip") end
    applet:start_response()
    if applet.method ~= "HEAD" then applet:send(body) end
end)
