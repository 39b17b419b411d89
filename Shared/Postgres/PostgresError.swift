/// Why a statement, a transaction or a connection failed.
///
/// `description` is safe for strangers; `debugDescription` also carries the server's words and belongs in logs only.
package struct PostgresError: Error, Equatable {
    /// What a caller can tell apart and act on.
    package enum Code: Equatable, Sendable {
        /// A unique or exclusion constraint, by its name: somebody else has it already.
        case conflict(constraint: String)
        /// A check, not-null or foreign-key constraint, by its name (empty for not-null).
        case violation(constraint: String)
        /// The server chose this transaction as a victim (40001, 40P01): running it again may succeed.
        case retryable
        /// A rule of ours, raised by a function with an SQLSTATE of class `GU`.
        case raised(sqlState: String)
        /// A lock or the statement took longer than allowed; nothing was done.
        case timeout
        /// No connection could be had within the waiting limits of the pool.
        case poolExhausted
        /// The server cannot be reached or is starting or stopping.
        case unavailable
        /// The connection broke while the server was at work: whether it committed is unknown.
        case unknownOutcome
        /// A column or parameter does not hold what the program expects.
        case decoding
        /// Anything else: a fault of the program.
        case other
    }

    /// What a caller decides by.
    package let code: Code
    /// Five characters, empty when the error did not come from the server.
    package let sqlState: String
    /// The server's message.
    let message: String

    init(_ code: Code, sqlState: String = "", message: String) {
        (self.code, self.sqlState, self.message) = (code, sqlState, message)
    }

    /// Classifies what the server reported (PostgreSQL manual, appendix A).
    init(sqlState: String, constraint: String, message: String) {
        let code: Code =
            switch sqlState {
            case "23505", "23P01": .conflict(constraint: constraint)
            case _ where sqlState.hasPrefix("23"): .violation(constraint: constraint)
            case "40001", "40P01": .retryable
            case _ where sqlState.hasPrefix("GU"): .raised(sqlState: sqlState)
            case "57014", "55P03", "25P03": .timeout
            case "57P01", "57P02", "57P03", "57P05", "53300": .unavailable
            case _ where sqlState.hasPrefix("08"): .unavailable
            default: .other
            }
        self.init(code, sqlState: sqlState, message: message)
    }

    /// Constraint names decide equality, never the server's wording.
    package static func == (left: PostgresError, right: PostgresError) -> Bool {
        left.code == right.code && left.sqlState == right.sqlState
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "database error \(code)" }
    package var debugDescription: String { "database error \(code) \(sqlState): \(message)" }
}

extension PostgresError {
    /// A tenant lies on a server that this process knows nothing of.
    package static func unconfigured(server: String) -> PostgresError {
        PostgresError(.unavailable, message: "no database server named \(server) is configured")
    }
}
