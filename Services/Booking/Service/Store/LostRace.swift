import EventLoop
import Idempotency
import Postgres
import Primitives

/// Use cases read, decide and write without locks in between. The constraints of the database refuse a write that was
/// decided on data which another transaction has changed since: such a use case runs again.
@EventLoop
enum LostRace {
    private static let attempts = 8
    private static let backoff = Backoff(from: .milliseconds(8), to: .milliseconds(512))

    /// Runs `body`, again after each lost race. Throws ``RaceNeverWon`` after the last one.
    static func retry<T>(_ body: @EventLoop () async throws -> T) async throws -> T {
        for attempt in 1..<attempts {
            do {
                return try await body()
            } catch let error as PostgresError where error.isLostRace {
                try await EventLoop.sleep(for: backoff.pause(after: attempt))
            }
        }
        do {
            return try await body()
        } catch let error as PostgresError where error.isLostRace && IdempotencyRecord.fault(of: error) == nil {
            throw RaceNeverWon()
        }
    }
}

/// Other transactions were faster each time. Nothing was written.
struct RaceNeverWon: Error {}

extension PostgresError {
    /// True if another appointment has the time of the practitioner or of the room.
    var isTakenSlot: Bool { code == .conflict(constraint: "allocations_do_not_overlap") }

    /// True if another transaction wrote first what this one was decided on.
    var isLostRace: Bool {
        switch code {
        case .conflict("allocations_do_not_overlap"), .conflict("appointment_history_one_fact_per_version"),
            .conflict("outbox_one_event_per_version"), .conflict("patients_once"),
            .conflict("idempotency_keys_pkey"), .raised("GU002"), .raised("GU003"),
            .raised("GU004"), .raised("GU005"), .raised("GU007"),
            .retryable:
            true
        default: false
        }
    }
}
