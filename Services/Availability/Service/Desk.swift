import EventLoop
import GuichetProtocol
import Messaging
import Primitives
import Tenancy

/// What a use case works with: one tenant's data and the parts of the process that it needs.
@EventLoop
struct Desk {
    let store: TenantStore
    let calendars: Calendars
    let press: Press
    let relay: OutboxRelay
    let chores: Chores
    /// Where the views of many days are worked out.
    let workshop: BlockingPool
    let now: @Sendable () -> Instant

    var tenant: TenantSlug { store.tenant.slug }

    /// To be called when a transaction has committed that days must be looked at for.
    func hurry() { chores.hurry(store) }

    /// To be called when a transaction has committed that changed what readers see.
    func committed(_ entries: [DayEntry]) {
        relay.wake(store.data)
        press.publish(entries, of: store)
    }
}
