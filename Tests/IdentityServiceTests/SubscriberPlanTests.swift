import FoundationEssentials
import IdentityDomain
import Primitives
import Testing

@testable import IdentityService

@Suite("What the broker lacks of a subscriber")
struct SubscriberPlanTests {
    private static let clinic: TenantSlug = "clinique"

    private func subscriber(
        _ name: String = "portail", hash: String = "hash", isCollecting: Bool = true, isRemoved: Bool = false
    ) throws -> WantedSubscriber {
        let json = """
            {"id": "\(name)-id", "name": "\(name)", "events": ["guichet.booking.appointment.held.v1"],
             "passwordHash": "\(hash)", "isCollecting": \(isCollecting), "isRemoved": \(isRemoved)}
            """
        return try JSONDecoder().decode(WantedSubscriber.self, from: Data(json.utf8))
    }

    private func definitions(_ subscriber: WantedSubscriber, on host: String = "suite") -> BrokerDefinitions {
        SubscriberAccount(subscriber.name, of: Self.clinic)
            .definitions(subscriber.types, passwordHash: subscriber.passwordHash, of: Self.clinic, on: host)
    }

    private func plan(_ subscribers: [WantedSubscriber], _ present: BrokerDefinitions) -> SubscriberPlan {
        SubscriberPlan(subscribers, of: Self.clinic, BrokerState(present, on: "suite"), on: "suite")
    }

    @Test("is everything at first, and nothing once it has it")
    func additions() throws {
        let wanted = try subscriber(isCollecting: false)
        let first = plan([wanted], BrokerDefinitions())
        #expect(first.additions.users.map(\.name) == ["sub.clinique.portail"] && first.started == [wanted.id])
        #expect(first.additions.permissions.map(\.read) == ["^sub\\.clinique\\.portail\\.events$"])
        #expect(
            first.additions.topicPermissions.map(\.read) == [
                "^clinique\\.(booking\\.appointment\\.held\\.v1)\\.[0-9*]+$"
            ])
        #expect(
            first.additions.bindings.map(\.routingKey) == [
                "sub.clinique.portail.events", "clinique.booking.appointment.held.v1.*",
            ])
        let next = plan([try subscriber()], first.additions)
        #expect(next.additions.users.isEmpty && next.started.isEmpty && next.removed.isEmpty)
    }

    @Test("is what was changed or lost, whichever part it is")
    func differences() throws {
        let wanted = try subscriber()
        let whole = definitions(wanted)
        for change in [
            { (it: inout BrokerDefinitions) in it.users = [] }, { $0.permissions = [] }, { $0.topicPermissions = [] },
            { $0.queues = [] }, { $0.bindings = [] },
        ] as [(inout BrokerDefinitions) -> Void] {
            var present = whole
            change(&present)
            let plan = plan([wanted], present)
            #expect(plan.additions.users.count == 1)
            #expect(plan.started == (present.queues.isEmpty ? [wanted.id] : []))
        }
    }

    @Test("includes an account without the connections of the old password")
    func replacement() throws {
        let plan = plan([try subscriber(hash: "new")], definitions(try subscriber()))
        #expect(plan.replaced.map(\.name) == ["sub.clinique.portail"] && plan.additions.users.count == 1)
    }

    @Test("is less of what was removed, or of what no table has; other accounts stay")
    func removals() throws {
        var present = definitions(try subscriber())
        present.append(definitions(try subscriber("vieux")))
        present.permissions.append(
            .init(user: "sub-clinique", vhost: "suite", configure: "", write: "", read: "^sub\\.clinique\\."))
        let plan = plan([try subscriber(isRemoved: true)], present)
        #expect(plan.removed.map(\.name) == ["sub.clinique.portail", "sub.clinique.vieux"])
        #expect(plan.finished == ["portail-id"] && plan.additions.users.isEmpty)
    }

    @Test("is nothing for accounts of another installation on the same broker")
    func foreign() throws {
        let plan = plan([try subscriber()], definitions(try subscriber(), on: "other"))
        #expect(plan.foreign.map(\.name) == ["sub.clinique.portail"])
        #expect(plan.additions.users.isEmpty && plan.removed.isEmpty && plan.replaced.isEmpty)
    }
}
