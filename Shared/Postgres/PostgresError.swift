/// Why a statement, a transaction or a connection failed.
///
/// `description` is safe to show to clients; `debugDescription` also contains the server's message and belongs in logs
/// only.
package struct PostgresError: Error, Equatable {
    /// The cases that a caller can distinguish and act on.
    package enum Code: Equatable, Sendable {
        /// A unique or exclusion constraint, by its name: another row has the value already.
        case conflict(constraint: String)
        /// A check, not-null or foreign-key constraint, by its name (empty for not-null).
        case violation(constraint: String)
        /// The server aborted this transaction because of a conflict (40001, 40P01): running it again may succeed.
        case retryable
        /// A rule of the suite, raised by a function with an SQLSTATE of class `GU`.
        case raised(sqlState: String)
        /// A lock or the statement took too long; nothing was done.
        case timeout
        /// No connection became free within the limits of the pool.
        case poolExhausted
        /// The server cannot be reached, or is starting or stopping.
        case unavailable
        /// The connection was lost during a statement: whether it was committed is unknown.
        case unknownOutcome
        /// A column or parameter does not have the form that the program expects.
        case decoding
        /// Anything else: a programming error.
        case other
    }

    /// What a caller acts on.
    package let code: Code
    /// Five characters, or empty if the error did not come from the server.
    package let sqlState: String
    /// The server's message.
    let message: String

    init(_ code: Code, sqlState: String = "", message: String) {
        (self.code, self.sqlState, self.message) = (code, sqlState, message)
    }

    /// Classifies an error of the server (PostgreSQL manual, appendix A).
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

    /// Compares constraint names, not the server's wording.
    package static func == (left: PostgresError, right: PostgresError) -> Bool {
        left.code == right.code && left.sqlState == right.sqlState
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "database error \(code)" }
    package var debugDescription: String { "database error \(code) \(sqlState): \(message)" }
}

extension PostgresError {
    /// A tenant's database server is not configured in this process.
    package static func unconfigured(server: String) -> PostgresError {
        PostgresError(.unavailable, message: "no database server named \(server) is configured")
    }
}
