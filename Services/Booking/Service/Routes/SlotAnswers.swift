import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import Scheduling
import Tenancy

/// The encoded answers to searches. When many clients look at the same calendar, equal searches that wait are answered by
/// one that began after them.
@EventLoop
struct SlotAnswers {
    private struct Question: Hashable {
        let tenant: TenantSlug
        let query: SlotQuery
        let isOfPatient: Bool
        let limit: Int
    }

    private let findSlots: FindSlots
    private let runs = JointRuns<Question, EncodedContent<SlotList>>()

    init(_ findSlots: FindSlots) { self.findSlots = findSlots }

    /// The slots that the caller can book.
    func callAsFunction(
        _ query: SlotQuery, in tenant: TenantStore, by caller: Caller, limit: Int
    ) async throws -> EncodedContent<SlotList> {
        let question = Question(
            tenant: tenant.tenant.slug, query: query, isOfPatient: caller.isPatient, limit: limit)
        return try await runs.answer(to: question) { [findSlots] in
            let found = try await findSlots(query, in: tenant, by: caller, limit: limit)
            return try EncodedContent(SlotList(slots: found.slots, isCut: found.isCut))
        }
    }
}
