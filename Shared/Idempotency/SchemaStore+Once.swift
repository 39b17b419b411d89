import EventLoop
import JSONCoding
package import Postgres
package import Tenancy

extension IdempotencyRecord {
    /// The answer to the same request before; nil if there is none. Its `ask` throws ``Fault/reused``.
    package func earlierAnswer<View: Codable & Sendable>(as _: View.Type = View.self) -> Query<View?> {
        Query(lookup) { rows in
            try answer(in: rows).map { try StrictJSON.decode(View.self, from: Array($0.utf8)) }
        }
    }

    /// Stores what is answered, in the same transaction.
    package func store(_ view: some Encodable) throws -> SQL { store(body: try JSONOutput.text(view)) }
}

extension IdempotencyRecord? {
    /// The answer to the same request before; nil if there is none, or the request has no key.
    package func earlierAnswer<View: Codable & Sendable>(as _: View.Type = View.self) -> Query<View?> {
        self?.earlierAnswer() ?? .known(nil)
    }
}

extension SchemaStore {
    /// Runs `body` as one transaction and stores its answer with it; the same request again gets that answer and has no
    /// further effect. Throws ``IdempotencyRecord/Fault``.
    package func once<View: Codable & Sendable>(
        _ key: IdempotencyRecord?, _ body: @EventLoop (Transaction) async throws -> View
    ) async throws -> View {
        guard let key else { return try await transaction(body) }
        do {
            return try await transaction { transaction in
                // Claimed first: the lookup sees what any earlier holder of the claim has committed.
                let claim = Query(key.claim) { _ in () }
                if let answer = try await transaction.ask(claim, key.earlierAnswer(as: View.self)).1 { return answer }
                let view = try await body(transaction)
                try await transaction.query(key.store(view))
                return view
            }
        } catch {
            throw IdempotencyRecord.fault(of: error) ?? error
        }
    }
}
