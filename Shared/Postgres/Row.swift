internal import CPostgres

/// One row of a result; columns are read by name and decoded on demand.
package struct Row: Sendable {
    private let result: ResultTable
    private let index: Int32

    init(_ result: ResultTable, _ index: Int32) { (self.result, self.index) = (result, index) }

    /// The column as a value. Throws ``PostgresError/Code/decoding`` if it is missing, NULL or of another form.
    package func get<Value: PostgresDecodable>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        guard let value = try find(column, as: type) else { throw decodingError(column, "is NULL") }
        return value
    }

    /// The column as a value, nil for NULL.
    package func find<Value: PostgresDecodable>(_ column: String, as type: Value.Type = Value.self) throws -> Value? {
        guard let text = try result.text(index, column) else { return nil }
        guard let value = Value(postgresText: text) else { throw decodingError(column, "is not a valid \(type)") }
        return value
    }

    private func decodingError(_ column: String, _ what: String) -> PostgresError {
        PostgresError(.decoding, message: "column \(column) \(what)")
    }
}

/// Owns a result of libpq and frees it.
final class ResultTable: Sendable {
    // Safety: a PGresult never changes once received, and libpq's accessors may be called from any thread.
    nonisolated(unsafe) private let result: OpaquePointer

    init(_ result: OpaquePointer) { self.result = result }
    deinit { PQclear(result) }

    /// What the server refused, or nil if this is no error.
    var error: PostgresError? { postgresError(of: result) }

    var rows: [Row] { (0..<PQntuples(result)).map { Row(self, $0) } }

    func text(_ row: Int32, _ column: String) throws -> String? {
        let number = PQfnumber(result, column)
        guard number >= 0 else { throw PostgresError(.decoding, message: "there is no column \(column)") }
        guard PQgetisnull(result, row, number) == 0, let bytes = PQgetvalue(result, row, number) else { return nil }
        let length = Int(PQgetlength(result, row, number))
        return bytes.withMemoryRebound(to: UInt8.self, capacity: length) {
            String(decoding: UnsafeBufferPointer(start: $0, count: length), as: UTF8.self)
        }
    }
}
