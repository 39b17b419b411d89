import EventLoop
import GuichetProtocol
import IdentityDomain
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// What operators do with Identity on the command line.
enum OperatorCommands {
    static let all: [OperatorCommand<IdentityService>] = [
        OperatorCommand(
            "bootstrap",
            "--email ADDRESS --password-file FILE [--name NAME] [--show-totp]  creates the first super administrator; "
                + "--show-totp prints the address of their authenticator application and their recovery codes"
        ) { service, _, arguments in
            let options = try Options(
                arguments, values: ["--email", "--password-file", "--name"], flags: ["--show-totp"])
            let enrolment = try await service.bootstrap(
                options.superAdministrator(), enrolsSecondFactor: options.flags.contains("--show-totp"))
            if let enrolment {
                print(([enrolment.uri] + enrolment.recoveryCodes.map(\.description)).joined(separator: "\n"))
            }
        },
        OperatorCommand("tenants", TenantCommands.usage) { service, _, arguments in
            try await requirePlatform(of: service)
            print(try await TenantCommands(service: service)(arguments).joined(separator: "\n"))
        },
        OperatorCommand("keys", "rotate  replaces the signing key, after the activation delay") {
            service, _, arguments in
            guard arguments == ["rotate"] else { throw Misuse(reason: "keys can be rotated") }
            try await requirePlatform(of: service)
            try await service.maintainSigningKeys.rotate(by: .operatorOnConsole)
        },
    ]

    /// The commands leave their audit lines in the schema of the platform's tenant. Throws ``Misuse`` without it.
    @EventLoop
    private static func requirePlatform(of service: IdentityService) async throws {
        do {
            _ = try await service.context.store(for: .platform)
        } catch TenantDirectory.Fault.unknown {
            throw Misuse(reason: "the platform's tenant does not exist: run bootstrap first")
        }
    }
}

extension IdentityError: ExitingError {
    /// Unavailable if a later attempt may succeed.
    var exitCode: ExitCode {
        switch self {
        case .hashingSaturated, .noSigningKey: .unavailable
        default: .usage
        }
    }
}
