/// How much a log line matters, least first.
package enum LogLevel: String, CaseIterable, Comparable, Sendable {
    /// For whoever looks for a fault; off in production.
    case debug
    /// What the process did, once per request, message or change of state.
    case info
    /// Something is wrong and was coped with.
    case warning
    /// Something was not done and somebody must look.
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
