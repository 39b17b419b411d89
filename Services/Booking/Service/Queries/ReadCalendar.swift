import BookingDomain
import EventLoop
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Reads the calendar for the clinic's employees.
@EventLoop
struct ReadCalendar {
    let context: ServiceContext
    let catalogs: ClinicCatalogs

    /// All practitioners or all rooms, inactive ones included.
    func resources(_ kind: Resource.Kind, in tenant: TenantStore) async throws -> [ResourceView] {
        try await views(kind, nil, in: tenant)
    }

    func resource(
        _ kind: Resource.Kind, _ id: Identifier<Resource>, in tenant: TenantStore
    ) async throws -> ResourceView {
        guard let view = try await views(kind, id, in: tenant).first else { throw NotFound() }
        return view
    }

    /// The exceptions of a year from `day` on, or from today on.
    func exceptions(
        of kind: Resource.Kind, _ id: Identifier<Resource>, from day: LocalDay?, in tenant: TenantStore
    ) async throws -> [ExceptionView] {
        let (resources, exceptions) = try await tenant.data.ask(
            Resources.find(kind, id), Exceptions.list(of: id, in: year(from: day, in: tenant)))
        guard !resources.isEmpty else { throw NotFound() }
        return exceptions
    }

    /// The holidays of a year from `day` on, or from today on.
    func holidays(from day: LocalDay?, in tenant: TenantStore) async throws -> [HolidayView] {
        try await tenant.data.ask(Holidays.list(in: year(from: day, in: tenant)))
    }

    /// All types of care that the clinic has set, those without a practitioner included.
    func careTypes(in tenant: TenantStore) async throws -> [CareTypeView] {
        let (careTypes, resources) = try await tenant.data.ask(CareTypes.all, CareTypes.resources)
        return careTypes.map { $0.view(given: resources) }
    }

    func settings(in tenant: TenantStore) async throws -> SettingsView {
        let catalog = try await catalog(in: tenant)
        return SettingsView(catalog.rules, version: catalog.version)
    }

    /// The offsets of the clinic's time zone.
    func zone(of tenant: TenantStore) async throws -> ZoneOffsets { try await catalogs.zone(of: tenant) }

    /// The calendar as a whole.
    func catalog(in tenant: TenantStore) async throws -> ClinicCatalog { try await catalogs.catalog(of: tenant) }

    private func views(
        _ kind: Resource.Kind, _ id: Identifier<Resource>?, in tenant: TenantStore
    ) async throws -> [ResourceView] {
        let (resources, hours) = try await tenant.data.ask(Resources.find(kind, id), OpeningTimes.weekly(of: kind, id))
        return resources.map { $0.view(hours[$0.id]) }
    }

    private func year(from day: LocalDay?, in tenant: TenantStore) async throws -> ClosedRange<LocalDay> {
        if let day { return day...day.advanced(by: 366) }
        let today = try await catalogs.zone(of: tenant).local(context.now).day
        return today...today.advanced(by: 366)
    }
}
