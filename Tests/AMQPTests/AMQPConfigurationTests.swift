import AMQP
import Testing

@Suite("The broker's address")
struct AMQPConfigurationTests {
    @Test("is read with its parameters, and printed without its password")
    func reads() throws {
        let configuration = try AMQPConfiguration(
            url: "amqps://clinic:s%40cret@mq.example:5673/caf%C3%A9?heartbeat=4&connection_timeout=900",
            connectionName: "booking")
        #expect(configuration.host == "mq.example")
        #expect(configuration.port == 5673)
        #expect(configuration.vhost == "café")
        #expect(configuration.heartbeat == .seconds(4))
        #expect(configuration.connectTimeout == .milliseconds(900))
        #expect(configuration.certificateAuthorities == "/etc/ssl/certs/ca-certificates.crt")
        #expect("\(configuration)" == "amqps://mq.example:5673/café")
    }

    @Test("has the defaults of AMQP", arguments: ["amqp://localhost", "amqp://localhost/", "amqp://localhost/%2F"])
    func defaults(url: String) throws {
        let configuration = try AMQPConfiguration(url: url, connectionName: "booking")
        #expect(configuration.port == 5672)
        #expect(configuration.vhost == "/")
        #expect(configuration.heartbeat == .seconds(2))
        #expect(configuration.certificateAuthorities == nil)
    }

    @Test(
        "is refused with a sentence that says what to change",
        arguments: [
            ("", "expected amqp://"), ("localhost:5672", "expected amqp://"), ("http://localhost", "expected amqp://"),
            ("amqp://localhost?heartbeat=0", "a whole number from 1 to 600"),
            ("amqp://localhost?heartbeat=x", "heartbeat=x"),
            ("amqp://u:hunter2@localhost?verify=no", "unknown parameter verify"),
        ])
    func refuses(url: String, fragment: String) {
        let error = #expect(throws: AMQPConfigurationError.self) {
            try AMQPConfiguration(url: url, connectionName: "booking")
        }
        #expect(error?.description.contains(fragment) == true)
        #expect(error?.description.contains("hunter2") == false)
    }
}
