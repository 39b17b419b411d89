import EventLoop
import Idempotency
import Postgres
import Primitives
import Tenancy

/// The `Idempotency-Key` of a request to create something, and what it stands for.
struct RequestKey: Sendable {
    /// Who asks for what: keys of different scopes do not meet.
    let scope: String
    let key: String
    let fingerprint: [UInt8]
}

/// Why a request with a key is not carried out.
typealias RequestKeyFault = IdempotencyRecord.Fault

extension SchemaStore {
    /// Runs `creation` unless a request with this key did so before; returns the id of what was created then or now.
    ///
    /// Only the id is stored: names and addresses lie nowhere in clear.
    func once<Kind>(
        _ request: RequestKey, _ creation: @EventLoop (Transaction) async throws -> Identifier<Kind>
    ) async throws -> Identifier<Kind> {
        let request = IdempotencyRecord(scope: request.scope, key: request.key, fingerprint: request.fingerprint)
        do {
            return try await transaction { transaction in
                // Under the claim, the lookup sees what any earlier holder of it has committed.
                let rows = try await transaction.batch([request.claim, request.lookup])[1]
                if let known = try request.answer(in: rows), let id = Identifier<Kind>(known.body) { return id }
                let id = try await creation(transaction)
                try await transaction.query(request.store(.init(status: 201, body: id.description)))
                return id
            }
        } catch {
            throw IdempotencyRecord.fault(of: error) ?? error
        }
    }
}
