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

    var routes: [Route] {
        [
            Route(
                .get, "/api/availability/publications",
                "The journal: what each event did to which day, the newest first.",
                access: .oversight, problems: Self.ofLists, handler: publications),
            Route(
                .get, "/api/availability/anomalies",
                "What went wrong, the newest first: for a tenant, or for the whole installation.",
                access: .oversight, problems: Self.ofLists, handler: anomalies),
            Route(
                .get, "/api/availability/days", "The state of each day.", access: .oversight,
                problems: Self.ofLists, handler: days),
            Route(
                .post, "/api/availability/days/{day}/recalculate",
                "Withholds a day until Booking has reported it; a repeated request asks Booking again.",
                access: .oversight, parameters: ["day": LocalDay.self], success: .accepted,
                problems: [.notFound, .unavailable], handler: recalculate),
            Route(
                .get, "/api/availability/status", "Whether publication keeps up, and how long it takes.",
                access: .oversight, problems: [.notFound, .unavailable], handler: status),
        ]
    }

    private static let ofLists: [ProblemType] = [.invalidCursor, .notFound, .unavailable]

    private func publications(
        _ call: Call, _ query: PublicationsQuery, _: NoBody
    ) async throws -> Reply<Page<PublicationView>> {
        let data = try await store(call, query.tenant).data
        let (cursors, limit) = (service.context.platform.cursors, query.limit ?? .standard)
        let purpose = "publications \(data.schema)"
        let before = try query.cursor.map { try cursors.key(Int.self, from: $0, in: purpose) }
        let views = try await service.listPublications(
            query.filter, before: before, count: limit.value + 1, in: data)
        return Reply(try Page(views, limit: limit) { try cursors.cursor(after: $0.number, in: purpose) })
    }

    private func anomalies(_ call: Call, _ query: AnomaliesQuery, _: NoBody) async throws -> Reply<Page<AnomalyView>> {
        let concernsAll = try call.caller().role == .superAdmin && query.tenant == nil
        let data = concernsAll ? service.context.registry : try await store(call, query.tenant).data
        let (cursors, limit) = (service.context.platform.cursors, query.limit ?? .standard)
        let purpose = "anomalies \(data.schema)"
        let before = try query.cursor.map { try cursors.key(Anomalies.Position.self, from: $0, in: purpose) }
        let views = try await service.listAnomalies(
            query.filter, before: before, count: limit.value + 1, in: data)
        return Reply(
            try Page(views, limit: limit) { last in
                try cursors.cursor(after: Anomalies.Position(at: last.at, id: last.id), in: purpose)
            })
    }

    private func days(_ call: Call, _ query: DaysQuery, _: NoBody) async throws -> Reply<Page<DayState>> {
        let data = try await store(call, query.tenant).data
        let (cursors, limit) = (service.context.platform.cursors, query.limit ?? .standard)
        let purpose = "days \(data.schema)"
        let after = try query.cursor.map { try cursors.key(LocalDay.self, from: $0, in: purpose) }
        let states = try await service.listDays(
            areDoubted: query.doubted, after: after, count: limit.value + 1, in: data)
        return Reply(try Page(states, limit: limit) { try cursors.cursor(after: $0.day, in: purpose) })
    }

    private func recalculate(_ call: Call, _ query: TenantQuery, _: NoBody) async throws -> Reply<DayState> {
        let store = try await store(call, query.tenant)
        return Reply(try await service.recalculateDay(call.path("day"), of: store))
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
