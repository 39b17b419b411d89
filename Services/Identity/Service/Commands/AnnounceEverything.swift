import EventLoop
import GuichetProtocol
import Postgres
import Primitives

/// Says everything again to a service that has just been installed.
@EventLoop
struct AnnounceEverything {
    private static let batchSize = 200

    let context: Dependencies

    /// Every announcement is the next version of its tenant, so that nobody takes it for a repetition.
    func callAsFunction(in transaction: Transaction, because cause: EventAttributes) async throws {
        let now = context.now()
        let rows = try await transaction.query(
            """
            UPDATE tenant_registrations SET announcements = announcements + 1 RETURNING \(TenantRegistration.columns)
            """)
        let events = try rows.map { try TenantRegistration($0).announcement(at: now, causation: cause) }
        for start in stride(from: 0, to: events.count, by: Self.batchSize) {
            try await transaction.batch(Array(events[start..<min(start + Self.batchSize, events.count)]))
        }
        try await MaintainSigningKeys.publish(in: transaction, context, at: now, causation: cause)
    }
}
