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
        /// The server cannot be reached, starts or stops, takes no writes, or lacks what it needs: disk space, memory,
        /// sessions, files. Nothing was done; the same statement may succeed later.
        case unavailable
        /// The connection was lost, or the server stayed silent, while a transaction could commit: whether it did is
        /// unknown.
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
    ///
    /// - Parameter sourceFile: the file of the server's source that raised it.
    init(sqlState: String, constraint: String, message: String, sourceFile: String = "") {
        let code: Code =
            switch sqlState {
            case "23505", "23P01": .conflict(constraint: constraint)
            case _ where sqlState.hasPrefix("23"): .violation(constraint: constraint)
            case "40001", "40P01": .retryable
            case _ where sqlState.hasPrefix("GU"): .raised(sqlState: sqlState)
            case "57014", "55P03", "25P03": .timeout
            case _ where Self.isOutage(sqlState, raisedIn: sourceFile): .unavailable
            default: .other
            }
        self.init(code, sqlState: sqlState, message: message)
    }

    /// True if the server or its operating system is the cause, not the statement.
    private static func isOutage(_ sqlState: String, raisedIn sourceFile: String) -> Bool {
        // Connections; resources such as disk space, memory and sessions; administration; files of the server. And a
        // write that a standby refuses, or a server that was made read-only.
        if ["08", "53", "57P", "58"].contains(where: sqlState.hasPrefix) || sqlState == "25006" { return true }
        // A file system that became read-only is reported as a missing privilege, and one that failed in another way as
        // an internal error. Unlike the privileges of SQL, these are raised where the server reads and writes files.
        return ["42501", "XX000"].contains(sqlState) && storageSources.contains(sourceFile)
    }

    /// The files of PostgreSQL's source that read and write its data.
    private static let storageSources: Set<String> = [
        "fd.c", "md.c", "smgr.c", "slru.c", "xlog.c", "buffile.c", "bufmgr.c", "relmapper.c", "copydir.c",
        "tablespace.c",
    ]

    /// True if the same statement may succeed later, and another one would probably fail now as well.
    package var isOutage: Bool { isServerOutage || code == .timeout }

    /// True if the whole server is concerned, and not only rows that another transaction has locked.
    package var isServerOutage: Bool {
        switch code {
        case .unavailable, .unknownOutcome, .poolExhausted: true
        default: false
        }
    }

    /// True if the server answers but lacks what this statement needs, such as space on a disk, or takes no writes. It may
    /// still serve other schemas.
    package var isRefusal: Bool {
        let isAway = sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") || sqlState == "53300"
        return code == .unavailable && !sqlState.isEmpty && !isAway
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

    /// The session ended before its transaction could commit, so the server has rolled it back.
    var withoutEffect: PostgresError {
        code == .unknownOutcome ? PostgresError(.unavailable, sqlState: sqlState, message: message) : self
    }
}
