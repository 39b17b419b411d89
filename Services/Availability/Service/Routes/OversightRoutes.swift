import Authentication
import AvailabilityDomain
import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import ServiceHost
import Tenancy

/// The state and the journal of publication, for administrators.
@EventLoop
struct OversightRoutes {
    let service: AvailabilityService

    private static let day = PathVariable<LocalDay>("day", "The day on the calendar of the tenant.")

    var routes: [Route] {
        [
            Route(
                "listPublications", .get, "/api/availability/publications",
                "The journal: what each event did to which day, the newest first.",
                access: .oversight, problems: [.notFound], handler: publications),
            Route(
                "listAnomalies", .get, "/api/availability/anomalies",
                "What went wrong, the newest first: for a tenant, or for the whole installation.",
                access: .oversight, problems: [.notFound], handler: anomalies),
            Route(
                "listDays", .get, "/api/availability/days", "The state of each day.", access: .oversight,
                problems: [.notFound], handler: days),
            Route(
                "recalculateDay", .post, "/api/availability/days/\(Self.day)/recalculate",
                "Withholds a day until Booking has reported it; a repeated request asks Booking again.",
                access: .oversight, success: .accepted, handler: recalculate),
            Route(
                "readPublicationStatus", .get, "/api/availability/status",
                "Whether publication keeps up, and how long it takes.",
                access: .oversight, problems: [.notFound], handler: status),
        ].tagged("Publication", "The state and the journal of publication.")
    }

    private func publications(
        _ call: Call, _ query: PublicationsQuery, _: NoBody
    ) async throws -> Reply<Page<PublicationView>> {
        let data = try await store(call, query.tenant).data
        let page = try await call.page(query, of: "publications \(data.schema)", by: \.number) { before, count in
            try await service.listPublications(query.filter, before: before, count: count, in: data)
        }
        return Reply(page)
    }

    private func anomalies(_ call: Call, _ query: AnomaliesQuery, _: NoBody) async throws -> Reply<Page<AnomalyView>> {
        let concernsAll = try call.caller().role == .superAdmin && query.tenant == nil
        let data = concernsAll ? service.context.registry : try await store(call, query.tenant).data
        let position = { (view: AnomalyView) in Anomalies.Position(at: view.at, id: view.id) }
        let page = try await call.page(query, of: "anomalies \(data.schema)", by: position) { before, count in
            try await service.listAnomalies(query.filter, before: before, count: count, in: data)
        }
        return Reply(page)
    }

    private func days(_ call: Call, _ query: DaysQuery, _: NoBody) async throws -> Reply<Page<DayState>> {
        let data = try await store(call, query.tenant).data
        let page = try await call.page(query, of: "days \(data.schema)", by: \.day) { after, count in
            try await service.listDays(areDoubted: query.doubted, after: after, count: count, in: data)
        }
        return Reply(page)
    }

    private func recalculate(_ call: Call, _ query: TenantQuery, _: NoBody) async throws -> Reply<DayState> {
        let store = try await store(call, query.tenant)
        return Reply(try await service.recalculateDay(call.path(Self.day), of: store))
    }

    private func status(_ call: Call, _ query: TenantQuery, _: NoBody) async throws -> Reply<StatusView> {
        Reply(try await service.readStatus(store(call, query.tenant)))
    }

    /// The caller's tenant. Super administrators must name one; for others another tenant does not exist.
    private func store(_ call: Call, _ named: TenantSlug?) async throws -> TenantStore {
        let caller = try call.caller()
        if caller.role == .superAdmin, named == nil {
            throw Problem(
                .invalidQuery, "Indiquez l’établissement (tenant).",
                errors: [.init(pointer: "/tenant", detail: "paramètre obligatoire manquant")])
        }
        let tenant = named ?? caller.tenant
        guard tenant == caller.tenant || caller.role == .superAdmin && caller.tenant == .platform else {
            throw Problem.notFound
        }
        return try await service.context.store(for: tenant)
    }
}

extension Access {
    /// Those who are responsible for the publication of a tenant, or of the installation.
    fileprivate static let oversight = Access.allow(.admin, .manager, .superAdmin)
}
