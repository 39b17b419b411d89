import Foundation
import Runtime
import Testing

private enum Mode: String, CaseIterable { case fast, safe }

@Suite("Configuration")
struct ConfigurationTests {
    @Test("is read as typed values, with defaults where nothing is written")
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

    @Test("tells everything that is wrong at once, and what to write instead")
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
                "GUICHET_PORT vaut « 99999 » : il faut un entier de 1 à 65535.",
                "GUICHET_NAME manque : il faut un texte.",
                "GUICHET_ON vaut « yes » : il faut true ou false.",
                "GUICHET_WAIT vaut « 5 s » : il faut une durée de 500ms à 2h, en ms, s, min ou h.",
                "GUICHET_MODE vaut « quick » : il faut l’un de fast, safe.",
                "GUICHET_HOSTS vaut « a,,b » : il faut une liste séparée par des virgules.",
                "GUICHET_BROKER vaut « amqp://…@mq/ » : il faut une URL en amqp:// ou amqps:// avec un hôte et sans mot de passe.",
            ])
    }

    @Test("refuses a variable of ours that nobody reads, and guesses what was meant")
    func misspelt() throws {
        var reader = ConfigurationReader(environment: [
            "GUICHET_HTTP_PROT": "80", "GUICHET_ZEBRA_CROSSING": "1", "HTTP_PROT": "1",
        ])
        _ = reader.integer("GUICHET_HTTP_PORT", default: 8080, in: 1...65535, "Port.")
        let error = #expect(throws: ConfigurationError.self) { try reader.check() }
        #expect(
            error?.faults == [
                "GUICHET_HTTP_PROT est inconnue : vouliez-vous GUICHET_HTTP_PORT ?",
                "GUICHET_ZEBRA_CROSSING est inconnue.",
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
    @Test("comes from the variable or from the file that the other variable names, less its line feed")
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
                "GUICHET_A manque : il faut un secret, ou le fichier qui le contient dans GUICHET_A_FILE.",
                "GUICHET_B et GUICHET_B_FILE sont donnés tous deux : il n’en faut qu’un.",
                "GUICHET_C_FILE nomme « \(empty.path) », qui est vide.",
                "GUICHET_D_FILE nomme « \(long.path) », qui dépasse 65536 octets.",
                "GUICHET_E_FILE nomme « /nowhere », qui ne peut pas être lu.",
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

/// A file that is gone when the test is over.
private final class TemporaryFile {
    let path: String

    init(_ content: String) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "guichet-\(UUID().uuidString)").path
        try Data(content.utf8).write(to: URL(filePath: path))
    }

    deinit { unlink(path) }
}
