import HTTPServer
import HTTPTesting
import Runtime
import Testing

/// Requests about whose end two programs could disagree.
@Suite("Refusing requests that could be smuggled")
struct SmugglingTests {
    static let probes: [(String, String)] = [
        ("two lengths", "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 7\r\nContent-Length: 8\r\n\r\n{\"a\":1}"),
        (
            "the same length twice",
            "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 7\r\nContent-Length: 7\r\n\r\n{\"a\":1}"
        ),
        ("a list of lengths", "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 7, 7\r\n\r\n{\"a\":1}"),
        (
            "length and chunks",
            "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "chunks and length",
            "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n0\r\n\r\n"
        ),
        ("a signed length", "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: +7\r\n\r\n{\"a\":1}"),
        ("a negative length", "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: -7\r\n\r\n{\"a\":1}"),
        ("a hexadecimal length", "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 0x7\r\n\r\n{\"a\":1}"),
        ("an empty length", "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: \r\n\r\n"),
        ("a length beyond 64 bits", "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999999999999\r\n\r\n"),
        ("another encoding", "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        ("an obscured encoding", "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        (
            "an encoding twice",
            "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        ("chunks in HTTP/1.0", "POST /echo HTTP/1.0\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("no host", "GET /hello HTTP/1.1\r\n\r\n"),
        ("two hosts", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        ("a space before the colon", "GET /hello HTTP/1.1\r\nHost : t\r\n\r\n"),
        ("a space in a name", "GET /hello HTTP/1.1\r\nHost: t\r\nX y: 1\r\n\r\n"),
        ("an empty name", "GET /hello HTTP/1.1\r\nHost: t\r\n: 1\r\n\r\n"),
        ("no colon", "GET /hello HTTP/1.1\r\nHost: t\r\nnonsense\r\n\r\n"),
        ("lines that end in LF", "GET /hello HTTP/1.1\nHost: t\n\n"),
        ("one line that ends in LF", "GET /hello HTTP/1.1\r\nHost: t\nX: 1\r\n\r\n"),
        ("one line that ends in CR", "GET /hello HTTP/1.1\r\nHost: t\rX: 1\r\n\r\n"),
        ("a folded line", "GET /hello HTTP/1.1\r\nHost: t\r\nX: a\r\n b\r\n\r\n"),
        ("NUL in a value", "GET /hello HTTP/1.1\r\nHost: t\r\nX: a\0b\r\n\r\n"),
        ("NUL at the end of a value", "GET /hello HTTP/1.1\r\nHost: t\r\nX: a\0\r\n\r\n"),
        ("a field hidden behind NULs", "GET /hello HTTP/1.1\r\nHost: t\r\nX: a\0\0Y\0b\r\n\r\n"),
        ("NUL in a name", "GET /hello HTTP/1.1\r\nHost: t\r\nX\0Y: a\r\n\r\n"),
        ("NUL in the target", "GET /hello\0x HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("a control byte in a value", "GET /hello HTTP/1.1\r\nHost: t\r\nX: a\u{1}b\r\n\r\n"),
        ("DEL in a value", "GET /hello HTTP/1.1\r\nHost: t\r\nX: a\u{7F}b\r\n\r\n"),
        ("a control byte in the target", "GET /hel\u{1}lo HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("bytes beyond ASCII in the target", "GET /é HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("two spaces before the target", "GET  /hello HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("a space in the target", "GET /hel lo HTTP/1.1\r\nHost: t\r\n\r\n"),
        ("a version that is none", "GET /hello HTTP/1.x\r\nHost: t\r\n\r\n"),
        ("no version", "GET /hello\r\nHost: t\r\n\r\n"),
        ("another protocol", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ]

    @Test("is answered 4xx, or not at all, and the connection ends", arguments: probes)
    func probe(name: String, bytes: String) async throws {
        try await TestServer.run { client, _ in
            // What stands behind the probe must never be taken for a request.
            client.send(bytes + "GET /hello HTTP/1.1\r\nHost: t\r\n\r\n")
            if let response = await client.response() {
                #expect((400...505).contains(response.status) && response.status != 500, "\(name)")
                #expect(await client.bytes(1) == nil, "\(name) is answered once")
            }
            #expect(await client.isClosedByServer(), "\(name)")
        }
    }

    @Test(
        "what libmicrohttpd refuses itself has one answer, which has the form of all refusals",
        arguments: [
            ("\r\n", 400, "Host"), ("Host: t\r\nContent-Length: +7\r\n\r\n", 400, "Content-Length"),
            ("Host: t\r\nContent-Length: -1\r\n\r\n", 400, "Content-Length"),
            ("Host: t\r\nContent-Length: 7, 7\r\n\r\n", 400, "Content-Length"),
            ("Host: t\r\nContent-Length:\r\n\r\n", 400, "Content-Length"),
            ("Host: t\r\nContent-Length: 99999999999999999999\r\n\r\n", 400, "Content-Length"),
            ("Host: t\r\nCookie: \(String(repeating: "a", count: 14_000))\r\n\r\n", 200, "world"),
            ("Host: t\r\nCookie: \(String(repeating: "a;", count: 4000))\r\n\r\n", 431, "trop grand"),
        ])
    func libraryRefusals(fields: String, status: Int, text: String) async throws {
        try await TestServer.run { _, server in
            for isFirst in [true, false] {
                let client = RawClient(port: await server.port)
                if !isFirst { #expect(await client.request("GET", "/hello")?.status == 200) }
                client.send("GET /hello HTTP/1.1\r\n\(fields)")
                let response = try #require(await client.response())
                #expect(response.status == status)
                #expect(response.body.contains(text))
                guard status != 200 else { continue }
                #expect(response.headers["content-type"] == "application/problem+json")
                #expect(response.headers["connection"] == "close")
                #expect(await client.bytes(1) == nil)
                #expect(await client.isClosedByServer())
            }
            #expect(await server.metrics.exposition().contains("http_response_status_code=\"\(status)\""))
        }
    }

    @Test("the body of a request that was refused early is never taken for the next request")
    func refusedBody() async throws {
        for method in ["POST", "PATCH", "DELETE", "PUT"] {
            try await TestServer.run { client, _ in
                let hidden = "GET /hello HTTP/1.1\r\nHost: t\r\n\r\n"
                client.send(
                    "\(method) /nothing HTTP/1.1\r\nHost: t\r\nContent-Length: \(hidden.utf8.count)\r\n\r\n\(hidden)")
                #expect(await client.response()?.status == 404)
                #expect(await client.request("GET", "/feed.ics")?.body == "BEGIN:VCALENDAR")
            }
        }
    }

    @Test("spaces around a value, which the standard allows, are accepted")
    func optionalSpaces() async throws {
        try await TestServer.run { client, _ in
            client.send("GET /hello HTTP/1.1\r\nHost:t\r\nX:   a\t \r\nY:\r\n\r\n")
            #expect(await client.response()?.status == 200)
        }
    }

    @Test("random bytes end in a refusal, and the server goes on")
    func randomBytes() async throws {
        try await TestServer.run { client, server in
            var generator = SystemRandomNumberGenerator()
            let port = await server.port
            for round in 0..<300 {
                let probe = RawClient(port: port)
                var bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) }
                if round % 2 == 0 { bytes = Array("GET /hello HTTP/1.1\r\nHost: t\r\n".utf8) + bytes }
                probe.send(bytes + Array("\r\n\r\n".utf8))
            }
            #expect(await client.request("GET", "/hello")?.status == 200)
        }
    }

    @Test("every single byte changed in a request leaves the server alive")
    func mutations() async throws {
        try await TestServer.run { client, server in
            let request = Array("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 7\r\n\r\n{\"a\":1}".utf8)
            let port = await server.port
            for index in request.indices {
                for byte in [0, 0x0A, 0x0D, 0x20, 0x3A, 0xFF] as [UInt8] {
                    var bytes = request
                    bytes[index] = byte
                    RawClient(port: port).send(bytes)
                }
            }
            #expect(await client.request("GET", "/hello")?.status == 200)
        }
    }
}
