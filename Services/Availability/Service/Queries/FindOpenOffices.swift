import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Primitives
import ServiceHost
import Tenancy

/// Finds the tenants that are open to the public.
@EventLoop
struct FindOpenOffices {
    let context: ServiceContext
    let calendars: Calendars
    let offices: Offices
    /// How many days are shown, today included.
    let shownDays: Int

    init(
        _ context: ServiceContext, _ calendars: Calendars, _ offices: Offices,
        _ configuration: AvailabilityConfiguration
    ) {
        (self.context, self.calendars, self.offices) = (context, calendars, offices)
        shownDays = configuration.shownDays
    }

    /// One tenant; nil if the public may not see it, whatever the reason, or without a way to ask for a slot.
    func callAsFunction(_ tenant: TenantSlug) async throws -> OpenOffice? {
        guard let entry = offices.entry(of: tenant), entry.office.isOpen, entry.office.hasContact else { return nil }
        do {
            let store = try await context.store(for: tenant)
            let zone = try await calendars.zone(of: store)
            guard let period = ShownPeriod(at: context.now, dayCount: shownDays, zone: zone) else { return nil }
            return OpenOffice(store.tenant, entry.office, version: entry.version.number, period)
        } catch is TenantDirectory.Fault {
            return nil
        }
    }

    /// All tenants that the public may see.
    func callAsFunction() async throws -> [OpenOffice] {
        var open: [OpenOffice] = []
        for tenant in offices.open(in: nil) {
            if let office = try await self(tenant) { open.append(office) }
        }
        return open
    }
}
