import HTTPServer
import HTTPTesting
import Testing

@Suite("Compressing answers")
struct ContentCodingTests {
    @Test("an answer is compressed for clients that accept gzip, under a weak tag", arguments: ["gzip", "br, *;q=0.1"])
    func accepted(coding: String) async throws {
        try await TestServer.run { client, _ in
            let plain = try #require(await client.request("GET", "/large"))
            #expect(plain.body == TestServer.largeText)
            #expect(plain.headers["vary"] == "accept-encoding" && plain.headers["etag"] == "\"7\"")
            for _ in 0..<2 {
                let coded = try #require(await client.request("GET", "/large", headers: ["Accept-Encoding": coding]))
                #expect(coded.headers["content-encoding"] == "gzip" && coded.headers["etag"] == "W/\"7\"")
                #expect(coded.headers["vary"] == "accept-encoding")
                #expect(
                    coded.headers["content-length"].flatMap { Int($0) } ?? .max < TestServer.largeText.utf8.count / 10)
            }
        }
    }

    @Test(
        "it is sent as it is to those who do not accept gzip",
        arguments: ["", "identity", "gzip;q=0", "gzip; q=0.0, *", "br;q=1", "*;q=0", "gzip;q=x"])
    func refused(coding: String) async throws {
        try await TestServer.run { client, _ in
            let answer = try #require(await client.request("GET", "/large", headers: ["Accept-Encoding": coding]))
            #expect(answer.headers["content-encoding"] == nil && answer.body == TestServer.largeText)
        }
    }

    @Test("what the client has is 304 in either coding, with the tag of the coding that it accepts")
    func conditional() async throws {
        try await TestServer.run { client, _ in
            for tag in ["\"7\"", "W/\"7\"", "\"6\", W/\"7\"", "*"] {
                for (coding, own) in [("gzip", "W/\"7\""), ("identity", "\"7\"")] {
                    let answer = try #require(
                        await client.request(
                            "GET", "/large", headers: ["Accept-Encoding": coding, "If-None-Match": tag]))
                    #expect(answer.status == 304 && answer.body.isEmpty)
                    #expect(answer.headers["etag"] == own && answer.headers["vary"] == "accept-encoding")
                    #expect(answer.headers["content-encoding"] == nil)
                }
            }
            let changed = await client.request(
                "GET", "/large", headers: ["Accept-Encoding": "gzip", "If-None-Match": "W/\"8\""])
            #expect(changed?.status == 200)
        }
    }

    @Test("what needs a token and what fits a packet is never compressed")
    func excluded() async throws {
        try await TestServer.run { client, _ in
            var headers = TestServer.token("staff")
            headers["Accept-Encoding"] = "gzip"
            for path in ["/api/large", "/hello", "/nothing"] {
                let answer = try #require(await client.request("GET", path, headers: headers))
                #expect(answer.headers["content-encoding"] == nil && answer.headers["vary"] == nil, "\(path)")
                #expect(answer.headers["etag"]?.hasPrefix("W/") != true)
            }
        }
    }

    @Test("HEAD has the length of the compressed answer")
    func head() async throws {
        try await TestServer.run { client, _ in
            let headers = ["Accept-Encoding": "gzip"]
            let length = await client.request("HEAD", "/large", headers: headers)?.headers["content-length"]
            #expect(length != nil)
            #expect(await client.request("GET", "/large", headers: headers)?.headers["content-length"] == length)
        }
    }
}
