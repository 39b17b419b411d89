import Authentication
import AvailabilityDomain
import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import ServiceHost
import Tenancy

/// How publication goes and went, for those who answer for it.
@EventLoop
struct OversightRoutes {
    let service: AvailabilityService

    var routes: [Route] {
        [
            Route(
                .get, "/api/availability/publications", "What each event did to which day, the newest first.",
                access: .oversight, problems: Self.ofLists, handler: publications),
            Route(
                .get, "/api/availability/anomalies",
                "What did not go as it should, the newest first: a tenant's, or what concerns the whole installation.",
                access: .oversight, problems: Self.ofLists, handler: anomalies),
            Route(
                .get, "/api/availability/days", "How it stands with each day.", access: .oversight,
                problems: Self.ofLists, handler: days),
            Route(
                .post, "/api/availability/days/{day}/recalculate",
                "Withholds a day until Booking has reported it; asked for again, it asks Booking again.",
                access: .oversight, parameters: ["day": LocalDay.self], success: .accepted,
                problems: [.notFound, .unavailable], handler: recalculate),
            Route(
                .get, "/api/availability/status", "Whether publication keeps up, and how fast it is.",
                access: .oversight, problems: [.notFound, .unavailable], handler: status),
        ]
    }

    private static let ofLists: [ProblemType] = [.invalidCursor, .notFound, .unavailable]

    private func publications(
        _ call: Call, _ query: PublicationsQuery, _: NoBody
    ) async throws -> Reply<Page<PublicationView>> {
        let data = try await store(call, query.tenant).data
        let (cursors, limit) = (service.platform.cursors, query.limit ?? .standard)
        let purpose = "publications \(data.schema)"
        let before = try query.cursor.map { try cursors.key(Int.self, from: $0, in: purpose) }
        let views = try await Oversight(data: data).publications(
            query.filter, before: before, count: limit.value + 1)
        return Reply(try Page(views, limit: limit) { try cursors.cursor(after: $0.number, in: purpose) })
    }

    private func anomalies(_ call: Call, _ query: AnomaliesQuery, _: NoBody) async throws -> Reply<Page<AnomalyView>> {
        let isAboutAll = try call.authenticated().role == .superAdmin && query.tenant == nil
        let data = isAboutAll ? service.platform.directory.registry : try await store(call, query.tenant).data
        let (cursors, limit) = (service.platform.cursors, query.limit ?? .standard)
        let purpose = "anomalies \(data.schema)"
        let before = try query.cursor.map { try cursors.key(Oversight.AnomalyPosition.self, from: $0, in: purpose) }
        let views = try await Oversight(data: data).anomalies(query.filter, before: before, count: limit.value + 1)
        return Reply(
            try Page(views, limit: limit) { last in
                try cursors.cursor(after: Oversight.AnomalyPosition(at: last.at, id: last.id), in: purpose)
            })
    }

    private func days(_ call: Call, _ query: DaysQuery, _: NoBody) async throws -> Reply<Page<DayState>> {
        let data = try await store(call, query.tenant).data
        let (cursors, limit) = (service.platform.cursors, query.limit ?? .standard)
        let purpose = "days \(data.schema)"
        let after = try query.cursor.map { try cursors.key(LocalDay.self, from: $0, in: purpose) }
        let states = try await Oversight(data: data).days(
            areDoubted: query.doubted, after: after, count: limit.value + 1)
        return Reply(try Page(states, limit: limit) { try cursors.cursor(after: $0.day, in: purpose) })
    }

    private func recalculate(_ call: Call, _ query: TenantQuery, _: NoBody) async throws -> Reply<DayState> {
        let store = try await store(call, query.tenant)
        return Reply(try await RecalculateDay(desk: service.desk(of: store))(call.path("day")))
    }

    private func status(_ call: Call, _ query: TenantQuery, _: NoBody) async throws -> Reply<StatusView> {
        let store = try await store(call, query.tenant)
        let tenant = store.tenant.slug
        return Reply(
            StatusView(
                tenant, try await Oversight(data: store.data).status(), degraded: service.health.isDegraded,
                since: service.health.since, limit: service.offices.latencyLimit(of: tenant).milliseconds))
    }

    /// The caller's tenant. Who runs the installation names one; for others another tenant is not there.
    private func store(_ call: Call, _ named: TenantSlug?) async throws -> TenantStore {
        let caller = try call.authenticated()
        if caller.role == .superAdmin, named == nil {
            throw Problem(
                .invalidQuery, "Indiquez l’établissement (tenant).",
                errors: [.init(pointer: "/tenant", detail: "paramètre obligatoire manquant")])
        }
        let tenant = named ?? caller.tenant
        guard tenant == caller.tenant || caller.role == .superAdmin && caller.tenant == .platform else {
            throw Problem.notFound
        }
        return try await service.platform.directory.store(for: tenant)
    }
}

extension Access {
    /// Who answers for a tenant's publication, or for all of it.
    fileprivate static let oversight = Access.allow(.admin, .manager, .superAdmin)
}
