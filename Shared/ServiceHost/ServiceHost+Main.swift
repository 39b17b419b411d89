import EventLoop
import HTTPServer
import Messaging
import Primitives
import Runtime

extension ServiceHost {
    /// The whole of a service's program: without arguments it serves, with some it runs a command.
    nonisolated package static func main() async -> Never {
        let arguments = Array(CommandLine.arguments.dropFirst())
        await ServiceProcess.run(Hosted.name.description) {
            var reader = ConfigurationReader()
            switch arguments.first {
            case nil:
                let memory = UnusedMemory.givingBack(every: .seconds(30))
                defer { memory.cancel() }
                try await ServiceHost(&reader).run()
            case "help": printHelp()
            case "configuration": print(ConfigurationVariable.markdownTable(try variables()), terminator: "")
            case let name?:
                guard let command = commands.first(where: { $0.name == name }) else {
                    throw UnknownCommand(name: name)
                }
                try await ServiceHost(&reader).run(command, Array(arguments.dropFirst()))
            }
        }
    }

    /// The service's own commands and those that every service has.
    private static var commands: [OperatorCommand<Hosted>] {
        Hosted.commands + [
            OperatorCommand(
                "parked",
                "lists messages that could not be handled; `replay` handles them again, `discard ID` throws one away"
            ) { service, platform, arguments in
                let facts = WaitingFacts(service.subscriptions, platform.directory)
                let messages = ParkedMessages(
                    of: platform.service, platform.amqp, authors: platform.authors, facts: facts)
                try await parked(messages, facts, arguments)
            },
            OperatorCommand(
                "restored", "`restored TENANT` tells the others that its data was restored from a backup"
            ) { service, platform, arguments in
                guard arguments.count == 1, let tenant = TenantSlug(arguments[0]) else {
                    throw UnknownCommand(name: "restored " + arguments.joined(separator: " "))
                }
                let restoration = Restoration(of: platform.service, service.subscriptions, platform.directory)
                print("generation \(try await restoration.announce(tenant))")
            },
            OperatorCommand(
                "export",
                "`export TENANT` prints what it stores of a tenant, a line of JSON for each row, without encryption"
            ) { service, platform, arguments in
                guard arguments.count == 1, let tenant = TenantSlug(arguments[0]) else {
                    throw UnknownCommand(name: "export " + arguments.joined(separator: " "))
                }
                let export = TenantExport(
                    platform: platform, encrypted: Hosted.encryptedColumns, unexported: Hosted.unexported)
                try await export(tenant) { print($0) }
            },
            OperatorCommand(
                "reencrypt",
                "encrypts under the first key of the ring what older keys encrypted; prints the number of values"
            ) {
                _, platform, arguments in
                guard arguments.isEmpty else { throw UnknownCommand(name: "reencrypt \(arguments[0])") }
                let count = try await Reencryption(platform: platform, columns: Hosted.encryptedColumns)()
                print("\(count) values encrypted under the first key")
            },
        ]
    }

    private static func parked(
        _ messages: ParkedMessages, _ facts: WaitingFacts, _ arguments: [String]
    ) async throws {
        switch (arguments.first, arguments.count) {
        case (nil, _):
            for entry in try await messages.list(limit: 100) { print(entry) }
            for place in facts.places {
                for fact in try await facts.missingPredecessor(of: place) {
                    print("waits for its predecessor: \(fact)")
                }
            }
        case ("replay", 1): print("\(try await messages.replay(limit: 10_000)) replayed")
        case ("discard", 2):
            print(try await messages.discard(id: arguments[1], limit: 10_000) ? "discarded" : "no such message")
        default: throw UnknownCommand(name: "parked " + arguments.joined(separator: " "))
        }
    }

    private static func printHelp() {
        print("guichet-\(Hosted.name)  serves until SIGTERM")
        print("guichet-\(Hosted.name) configuration  prints the variables it reads as a Markdown table")
        for command in commands { print("guichet-\(Hosted.name) \(command.name)  \(command.summary)") }
    }
}

/// The command line asks for something that the service does not have.
struct UnknownCommand: ExitingError, CustomStringConvertible {
    let name: String
    var exitCode: ExitCode { .usage }
    var description: String { "there is no command \(name); try help" }
}
