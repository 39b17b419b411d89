/// Why a group of services stopped other than by a clean drain.
package enum ServiceGroupError: ExitingError, CustomStringConvertible {
    /// The service returned although no shutdown was requested.
    case endedEarly(service: String)
    /// The service threw.
    case failed(service: String, underlying: any Error)
    /// The service was not ready in time.
    case notReady(service: String, after: Duration)
    /// The service did not finish in time and was cancelled.
    case notDrained(service: String, after: Duration)

    /// The exit code of the error that a service threw, if it has one.
    package var exitCode: ExitCode {
        if case .failed(_, let error as any ExitingError) = self { return error.exitCode }
        return .software
    }

    package var description: String {
        switch self {
        case .endedEarly(let service): "\(service) ended by itself"
        case .failed(let service, let error): "\(service) failed: \(error)"
        case .notReady(let service, let limit): "\(service) was not ready after \(limit)"
        case .notDrained(let service, let limit): "\(service) had not finished after \(limit)"
        }
    }
}
