import EventLoop
import Postgres
import Primitives
import ServiceHost

/// Begins a tenant's copy again after Booking's data was restored from a backup: versions are used again there, and what
/// happened after the backup is undone.
///
/// The first event of the new generation that arrives is enough, so the copy never mixes two generations.
@EventLoop
struct FollowRestore {
    let context: ServiceContext

    init(_ context: ServiceContext) { self.context = context }

    /// Returns whether an event of this generation is to be followed: not if it is of an earlier one than the copy. What
    /// such an event says of the time before the backup comes with the reports.
    func callAsFunction(_ generation: Int, in transaction: Transaction) async throws -> Bool {
        let (isNew, present) = try await transaction.ask(
            BookingGeneration.enter(generation), BookingGeneration.locked)
        if isNew { try await transaction.batch(BookingGeneration.reset(at: context.now)) }
        return present == generation
    }
}
