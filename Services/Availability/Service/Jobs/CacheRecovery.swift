import EventLoop
import ServiceHost
import Tenancy

/// Brings a cache that is not trusted up to date.
@EventLoop
struct CacheRecovery {
    let service: AvailabilityService

    func run() async throws {
        try await service.health.recover {
            let (found, fault) = try await OutstandingWork.find(service.context)
            for (store, work) in found where work.isUncached { try await service.publisher.catchUp(store) }
            if let fault { throw fault }
        }
    }
}
