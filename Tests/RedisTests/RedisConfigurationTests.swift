import Redis
import Testing

@Suite("The address of Redis")
struct RedisConfigurationTests {
    @Test("is read, and printed without its password")
    func reads() throws {
        let configuration = try RedisConfiguration(url: "redis://clinic:s%40cr%2Fet@cache.example:6380/3")
        #expect(configuration.host == "cache.example")
        #expect(configuration.port == 6380)
        #expect(configuration.database == 3)
        #expect("\(configuration)" == "redis://cache.example:6380/3")
    }

    @Test("has the defaults of Redis", arguments: ["redis://localhost", "redis://localhost/"])
    func defaults(url: String) throws {
        let configuration = try RedisConfiguration(url: url)
        #expect(configuration.port == 6379)
        #expect(configuration.database == 0)
    }

    @Test("may be an address of IPv6")
    func sixth() throws {
        let configuration = try RedisConfiguration(url: "redis://[::1]:6380/1")
        #expect(configuration.host == "::1")
        #expect("\(configuration)" == "redis://[::1]:6380/1")
    }

    @Test(
        "is refused with a sentence that says what to change, without the password",
        arguments: [
            ("", "expected redis://"), ("localhost:6379", "expected redis://"), ("redis://", "expected redis://"),
            ("http://localhost", "http:// is not accepted"), ("redis://u:hunter2@localhost/x", "database x:"),
            ("redis://u:hunter2@localhost/-1", "database -1:"), ("redis://u:hunter2@localhost:0", "port 0:"),
            ("redis://u:hunter2@localhost:70000", "port 70000:"), ("redis://localhost?db=1", "neither ?"),
            ("redis://u:hunter2/@localhost", "%2F"),
        ])
    func refuses(url: String, fragment: String) {
        let error = #expect(throws: RedisConfigurationError.self) { try RedisConfiguration(url: url) }
        #expect(error?.description.contains(fragment) == true)
        #expect(error?.description.contains("hunter2") == false)
    }
}
