internal import CPostgres

/// Opens connections and runs scripts with blocking calls; use it only on threads of a `BlockingPool`.
enum ServerConnection {
    /// Returns a connected libpq handle in blocking mode. Throws ``PostgresError/Code/unavailable``.
    static func open(_ configuration: PostgresConfiguration) throws -> OpaquePointer {
        let milliseconds = configuration.statementTimeout / .milliseconds(1)
        let settings: [(String, String)] = [
            ("dbname", configuration.url),
            ("application_name", configuration.applicationName),
            ("connect_timeout", "3"),
            ("client_encoding", "UTF8"),
            // A server that the network has cut off is noticed after four seconds, whether data is under way or not.
            ("tcp_user_timeout", "4000"),
            ("keepalives_idle", "2"),
            ("keepalives_interval", "1"),
            ("keepalives_count", "2"),
            (
                "options",
                "-c statement_timeout=\(Int(milliseconds)) -c lock_timeout=\(Int(milliseconds)) "
                    // Compiling a plan takes longer than any statement of the suite may run.
                    + "-c idle_in_transaction_session_timeout=\(Int(configuration.idleTransactionTime / .milliseconds(1))) -c TimeZone=UTC -c DateStyle=ISO -c jit=off"
            ),
        ]
        let handle = withCStrings(settings.map(\.0)) { names in
            withCStrings(settings.map(\.1)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let handle else { throw PostgresError(.unavailable, message: "out of memory") }
        guard PQstatus(handle) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(handle))
            PQfinish(handle)
            throw PostgresError(.unavailable, message: message)
        }
        // Notices would go to standard error; everything that matters arrives as an error.
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        return handle
    }
}

/// The error of a result, or nil if it is not an error.
func postgresError(of result: OpaquePointer) -> PostgresError? {
    func field(_ code: Unicode.Scalar) -> String {
        guard let text = PQresultErrorField(result, Int32(code.value)) else { return "" }
        return String(cString: text)
    }
    switch PQresultStatus(result) {
    case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR:
        return PostgresError(
            sqlState: field("C"), constraint: field("n"), message: field("M"), sourceFile: field("F"))
    default:
        return nil
    }
}

/// Passes a null-terminated array of C strings to `body`.
func withCStrings<T>(_ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
    var bytes: [UInt8] = []
    var offsets: [Int?] = []
    bytes.reserveCapacity(strings.reduce(0) { $0 + ($1?.utf8.count ?? 0) + 1 })
    offsets.reserveCapacity(strings.count)
    for string in strings {
        offsets.append(string == nil ? nil : bytes.count)
        if let string {
            bytes.append(contentsOf: string.utf8)
            bytes.append(0)
        }
    }
    return bytes.withUnsafeBytes { buffer in
        let text = buffer.assumingMemoryBound(to: CChar.self).baseAddress
        var pointers = offsets.map { offset in offset.flatMap { text?.advanced(by: $0) } }
        pointers.append(nil)
        return pointers.withUnsafeBufferPointer { list in
            withExtendedLifetime(buffer) {
                guard let start = list.baseAddress else { preconditionFailure("the list ends with a null at least") }
                return body(start)
            }
        }
    }
}
