/// The severity of a log line, least severe first.
package enum LogLevel: String, CaseIterable, Comparable, Sendable {
    /// Details for troubleshooting; off in production.
    case debug
    /// What the process did: once for each request, message or change of state.
    case info
    /// Something went wrong and was handled.
    case warning
    /// Something was not done and needs an operator.
    case error

    /// The position in the order, from zero.
    var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }
}
