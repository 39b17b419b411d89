import Foundation
import Runtime
import Testing

private enum Mode: String, CaseIterable { case fast, safe }

@Suite("Configuration")
struct ConfigurationTests {
    @Test("is read as typed values, with defaults for absent ones")
    func values() throws {
        var reader = ConfigurationReader(environment: [
            "GUICHET_PORT": "9000", "GUICHET_NAME": "", "GUICHET_ON": "true", "GUICHET_WAIT": "15min",
            "GUICHET_MODE": "safe", "GUICHET_HOSTS": "a, b,c", "GUICHET_BROKER": "amqp://mq:5672/guichet",
            "PATH": "/bin",
        ])
        #expect(reader.integer("GUICHET_PORT", in: 1...65535, "Port.") == 9000)
        #expect(reader.string("GUICHET_NAME", default: "booking", "Name.") == "booking")
        #expect(reader.boolean("GUICHET_ON", "On.") == true)
        #expect(reader.duration("GUICHET_WAIT", in: .zero ... .seconds(3600), "Wait.") == .seconds(900))
        #expect(
            reader.duration("GUICHET_PAUSE", default: .milliseconds(250), in: .zero ... .seconds(1), "Pause.")
                == .milliseconds(250))
        #expect(reader.choice("GUICHET_MODE", default: Mode.fast, "Mode.") == .safe)
        #expect(reader.list("GUICHET_HOSTS", "Hosts.") == ["a", "b", "c"])
        #expect(reader.url("GUICHET_BROKER", schemes: ["amqp"], "Broker.").host() == "mq")
        #expect(reader.optionalString("GUICHET_ZONE", "Zone.") == nil)
        #expect(reader.optionalURL("GUICHET_REPLICA", schemes: ["postgres"], "Replica.") == nil)
        try reader.check()
    }

    @Test("reports every fault at once, and what to write instead")
    func faults() throws {
        var reader = ConfigurationReader(environment: [
            "GUICHET_PORT": "99999", "GUICHET_ON": "yes", "GUICHET_WAIT": "5 s", "GUICHET_MODE": "quick",
            "GUICHET_HOSTS": "a,,b", "GUICHET_BROKER": "amqp://u:p@mq/",
        ])
        _ = reader.integer("GUICHET_PORT", default: 8080, in: 1...65535, "Port.")
        _ = reader.string("GUICHET_NAME", "Name.")
        _ = reader.boolean("GUICHET_ON", "On.")
        _ = reader.duration("GUICHET_WAIT", in: .milliseconds(500) ... .seconds(7200), "Wait.")
        _ = reader.choice("GUICHET_MODE", default: Mode.fast, "Mode.")
        _ = reader.list("GUICHET_HOSTS", "Hosts.")
        _ = reader.url("GUICHET_BROKER", schemes: ["amqp", "amqps"], "Broker.")
        let error = #expect(throws: ConfigurationError.self) { try reader.check() }
        #expect(
            error?.faults == [
                "GUICHET_PORT is '99999': it must be a whole number from 1 to 65535.",
                "GUICHET_NAME is missing: it must be text.",
                "GUICHET_ON is 'yes': it must be true or false.",
                "GUICHET_WAIT is '5 s': it must be a duration from 500ms to 2h, in ms, s, min or h.",
                "GUICHET_MODE is 'quick': it must be one of fast, safe.",
                "GUICHET_HOSTS is 'a,,b': it must be a list separated by commas.",
                "GUICHET_BROKER is 'amqp://…@mq/': it must be a URL in amqp:// or amqps:// with a host and without a password.",
            ])
    }

    @Test("refuses an unknown variable with the prefix and suggests the nearest name")
    func misspelt() throws {
        var reader = ConfigurationReader(environment: [
            "GUICHET_HTTP_PROT": "80", "GUICHET_ZEBRA_CROSSING": "1", "HTTP_PROT": "1",
        ])
        _ = reader.integer("GUICHET_HTTP_PORT", default: 8080, in: 1...65535, "Port.")
        let error = #expect(throws: ConfigurationError.self) { try reader.check() }
        #expect(
            error?.faults == [
                "GUICHET_HTTP_PROT is unknown: did you mean GUICHET_HTTP_PORT?",
                "GUICHET_ZEBRA_CROSSING is unknown.",
            ])
    }

    @Test("documents every variable it reads as a table")
    func table() {
        var reader = ConfigurationReader(environment: [:])
        _ = reader.integer("GUICHET_PORT", default: 8080, in: 1...65535, "Port | of HTTP.")
        _ = reader.string("GUICHET_NAME", "Name.")
        _ = reader.duration("GUICHET_WAIT", default: .seconds(90), in: .zero ... .seconds(3600), "Wait.")
        _ = reader.optionalSecret("GUICHET_KEY", "Key.")
        _ = reader.list("GUICHET_HOSTS", default: [], "Hosts.")
        #expect(
            ConfigurationVariable.markdownTable(reader.variables) == """
                | Variable | Value | Default | Purpose |
                |---|---|---|---|
                | `GUICHET_PORT` | 1 to 65535 | `8080` | Port \\| of HTTP. |
                | `GUICHET_NAME` | text | required | Name. |
                | `GUICHET_WAIT` | 0s to 1h | `90s` | Wait. |
                | `GUICHET_KEY` | secret, or `GUICHET_KEY_FILE` | none | Key. |
                | `GUICHET_HOSTS` | list, comma between | empty | Hosts. |

                """)
    }
}

@Suite("A secret")
struct SecretTests {
    @Test("comes from the variable, or from the file that the other variable names, without its line feed")
    func sources() throws {
        let file = try TemporaryFile("p\u{e9} ss\n\r\n")
        var reader = ConfigurationReader(environment: ["GUICHET_A": "direct", "GUICHET_B_FILE": file.path])
        #expect(reader.secret("GUICHET_A", "A.").value == "direct")
        #expect(reader.secret("GUICHET_B", "B.").value == "p\u{e9} ss\n")
        #expect(reader.optionalSecret("GUICHET_C", "C.") == nil)
        try reader.check()
    }

    @Test("is refused when it is missing, given twice, empty, too long or unreadable, and never quoted")
    func faults() throws {
        let (empty, long) = (try TemporaryFile("\n"), try TemporaryFile(String(repeating: "x", count: 70_000)))
        var reader = ConfigurationReader(environment: [
            "GUICHET_B": "hush", "GUICHET_B_FILE": "/x", "GUICHET_C_FILE": empty.path, "GUICHET_D_FILE": long.path,
            "GUICHET_E_FILE": "/nowhere",
        ])
        for name in ["A", "B", "C", "D", "E"] { _ = reader.secret("GUICHET_\(name)", "\(name).") }
        let error = #expect(throws: ConfigurationError.self) { try reader.check() }
        #expect(
            error?.faults == [
                "GUICHET_A is missing: set it to the secret, or GUICHET_A_FILE to the file that contains it.",
                "GUICHET_B and GUICHET_B_FILE are both set: set only one.",
                "GUICHET_C_FILE names '\(empty.path)', which is empty.",
                "GUICHET_D_FILE names '\(long.path)', which exceeds 65536 bytes.",
                "GUICHET_E_FILE names '/nowhere', which cannot be read.",
            ])
    }

    @Test("does not show in a description, a debug description or a dump")
    func redaction() {
        struct Credentials { let password: Secret }
        let credentials = Credentials(password: Secret("hush"))
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] {
            #expect(!text.contains("hush"))
        }
        #expect(credentials.password.value == "hush")
    }
}

/// A file that is deleted after the test.
private final class TemporaryFile {
    let path: String

    init(_ content: String) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "guichet-\(UUID().uuidString)").path
        try Data(content.utf8).write(to: URL(filePath: path))
    }

    deinit { unlink(path) }
}
