import EventLoop
import JSONCoding
package import Postgres
package import Tenancy

extension SchemaStore {
    /// Runs `body` as one transaction and stores its answer with it; the same request again gets that answer and has no
    /// further effect.
    package func once<View: Codable & Sendable>(
        _ key: IdempotencyRecord?, _ body: @EventLoop (Transaction) async throws -> View
    ) async throws -> View {
        try await transaction { transaction in
            guard let key else { return try await body(transaction) }
            // Claimed first: a twin that has just finished is seen by the lookup.
            let rows = try await transaction.batch([key.claim, key.lookup])
            if let answer = try key.answer(in: rows[1]) {
                return try StrictJSON.decode(View.self, from: Array(answer.body.utf8))
            }
            let view = try await body(transaction)
            let text = try JSONOutput.text(view)
            try await transaction.query(key.store(.init(status: 200, body: text)))
            return view
        }
    }
}
