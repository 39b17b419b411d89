import EventLoop
import HTTPServer
import Primitives
import Runtime

extension ServiceHost {
    /// The whole of a service's program: without arguments it serves, with some it runs a command.
    nonisolated package static func main() async -> Never {
        let arguments = Array(CommandLine.arguments.dropFirst())
        await ServiceProcess.run(Hosted.name.description) {
            var reader = ConfigurationReader()
            switch arguments.first {
            case nil: try await ServiceHost(&reader).run()
            case "help": printHelp()
            case let name?:
                guard let command = Hosted.commands.first(where: { $0.name == name }) else {
                    throw UnknownCommand(name: name)
                }
                try await ServiceHost(&reader).run(command, Array(arguments.dropFirst()))
            }
        }
    }

    private static func printHelp() {
        print("guichet-\(Hosted.name)            serves until SIGTERM")
        for command in Hosted.commands { print("guichet-\(Hosted.name) \(command.name)  \(command.summary)") }
    }
}

/// The command line asks for something that the service does not have.
struct UnknownCommand: ExitingError, CustomStringConvertible {
    let name: String
    var exitCode: ExitCode { .usage }
    var description: String { "there is no command \(name); try help" }
}
