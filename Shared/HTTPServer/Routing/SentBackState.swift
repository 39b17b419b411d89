import EventLoop
import JSONCoding

/// Decodes the body of a request that sends back what its client has read, with the client's changes.
///
/// It is asked only when the body is not valid by itself, so a client that sends what the route takes costs no read.
struct SentBackState<Content: Sendable>: Sendable {
    /// True if members that are equal change nothing, writable ones included.
    let isPatch: Bool
    /// Reads the resource as it is stored.
    let read: @EventLoop @Sendable (Call) async throws -> Reply<Content>?

    /// Returns nil if there is no such resource. Throws ``InvalidInput``, or the 412 problem if the client has read
    /// another version: then its read-only members differ for this reason.
    ///
    /// - Parameter refusal: why the body is not valid by itself. Nil is returned as well if it has a fault elsewhere than in
    ///   members of what is answered, which no reading can mend.
    func decode<Body: Decodable>(
        _ type: Body.Type, of call: Call, after refusal: InvalidInput
    ) async throws -> Body? {
        guard let view = Content.self as? any Decodable.Type else { return nil }
        let members = StrictJSON.members(of: view)
        let faulty = refusal.faults.map { $0.pointer.split(separator: "/").first.map(String.init) ?? "" }
        guard faulty.allSatisfy(members.contains), let stored = try await read(call) else { return nil }
        if let tag = stored.entityTag, let text = call.headers["if-match"],
            case .versions(let seen) = EntityTagCondition(text), !seen.contains(tag)
        {
            throw Problem.preconditionFailed
        }
        return try StrictJSON.decode(
            type, from: call.body, sentBack: isPatch ? .allMembers : .readOnlyMembers, from: stored.encoded(), as: view)
    }
}
