import BookingDomain
import EventLoop
import GuichetProtocol
import Primitives
import Scheduling
import Tenancy

/// Counts the appointments of some days. The numbers may be a moment old; open times are those of the present weekly
/// hours, with the exceptions and holidays of the days.
@EventLoop
struct ReadStatistics {
    /// The longest period, in days.
    nonisolated static let maximumDays = 92

    let catalogs: ClinicCatalogs

    init(_ catalogs: ClinicCatalogs) { self.catalogs = catalogs }

    func callAsFunction(_ days: ClosedRange<LocalDay>, in tenant: TenantStore) async throws -> StatisticsView {
        let zone = try await catalogs.zone(of: tenant)
        let from = zone.firstInstant(days.lowerBound, .midnight)
        let to = zone.firstInstant(days.upperBound.advanced(by: 1), .midnight)
        let counts = try await tenant.data.read(Statistics.counts(from: from, to: to))
        let lead = try await tenant.data.read(Statistics.medianLeadMinutes(from: from, to: to))
        let catalog = try await CalendarTables.catalog(of: tenant.tenant, zone: zone, since: days.lowerBound) {
            try await tenant.data.batch($0)
        }
        return StatisticsView(days, counts, medianLeadMinutes: lead, catalog)
    }
}
