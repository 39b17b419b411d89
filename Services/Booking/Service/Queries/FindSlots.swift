import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Finds slots that can be booked, by the same computation that books them.
@EventLoop
struct FindSlots {
    let context: ServiceContext
    let catalogs: ClinicCatalogs

    /// The slots that the caller can book by start, at most `limit`, and whether there are more.
    ///
    /// - Parameter moving: an appointment whose own time counts as free, since it is to be moved.
    ///
    /// Throws ``NotFound`` if the caller may not know of that appointment.
    func callAsFunction(
        _ query: SlotQuery, except moving: Identifier<Appointment>? = nil, in tenant: TenantStore, by caller: Caller,
        limit: Int
    ) async throws -> (slots: [SlotView], isCut: Bool) {
        if let moving {
            guard let stored = try await tenant.data.ask(StoredAppointment.find(moving)), caller.maySee(stored) else {
                throw NotFound()
            }
        }
        let (search, catalog) = try await search(for: query, except: moving, in: tenant, by: caller)
        let slots = search.slots(query)
        return (slots.prefix(limit).map { SlotView($0, catalog) }, slots.count > limit)
    }

    /// The three bookable slots closest to one that is not available.
    ///
    /// - Parameter moving: the appointment that the caller could not move there.
    func alternatives(
        to query: SlotQuery, except moving: Identifier<Appointment>? = nil, in tenant: TenantStore, by caller: Caller
    ) async throws -> [SlotView] {
        let from = max(query.window.start, context.now) - .seconds(86_400)
        guard let window = TimeRange(from, from + .seconds(15 * 86_400)) else { return [] }
        let (search, catalog) = try await search(
            for: SlotQuery(query.careType, startingIn: window), except: moving, in: tenant, by: caller)
        return search.alternatives(to: query, in: window).map { SlotView($0, catalog) }
    }

    private func search(
        for query: SlotQuery, except moving: Identifier<Appointment>?, in tenant: TenantStore, by caller: Caller
    ) async throws -> (SlotSearch, ClinicCatalog) {
        let now = context.now
        let (version, taken) = try await tenant.data.ask(
            CalendarTables.version, Allocations.conflicting(with: query, at: now, except: moving))
        let catalog = try await catalogs.catalog(of: tenant, version: version)
        return (SlotSearch(catalog.clinic, allocations: taken, now: now, by: caller), catalog)
    }
}
