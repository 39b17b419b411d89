import EventLoop
import GuichetProtocol
package import Messaging
import Postgres

extension RealtimeService {
    /// What Realtime stores: which displays there are, so that their tokens open rooms on every process.
    package var subscriptions: [Subscription] {
        Subscription.toFamily(DisplayData.self, scope: .tenant) { events, context in
            for event in events {
                let isRemoved = event.type == DisplayRemoved.name.type
                try await context.transaction.query(
                    isRemoved ? DisplayRows.remove(event.data.display) : DisplayRows.store(event.data))
            }
        }
    }
}
