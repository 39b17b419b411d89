import Authentication
import EventLoop
import GuichetProtocol
import Primitives
import RealtimeDomain
import ServiceHost
import Tenancy

/// Lets a client into a room that it may listen to. The answer is everything that the room shows.
@EventLoop
struct JoinRoom {
    /// Who may follow the lines of a tenant.
    private static let staff: Set<Role> = [.admin, .manager, .staff]

    let context: ServiceContext
    let lines: Lines
    let rooms: Rooms
    let clients: Clients

    /// Joins the room that `wish` names.
    func callAsFunction(_ wish: RoomWish, _ client: Client) async throws(Refusal) -> Announcement {
        do {
            let (room, grant) = try await check(wish, client)
            // The client may have left, or lost its rights, while the state was awaited.
            guard clients.contains(client), try open(wish, to: client).room == room else { throw Refusal.forbidden }
            try clients.assign(client, to: room.tenant)
            try rooms.join(room, client, by: grant)
            return try show(room)
        } catch let refusal as Refusal {
            throw clients.count(refusal)
        } catch {
            throw clients.count(.busy)
        }
    }

    /// Throws unless the client may listen to the room, and its state is known. Returns what opens the room.
    @discardableResult
    func check(_ wish: RoomWish, _ client: Client) async throws -> (room: Room, grant: Client.Grant) {
        let (room, grant) = try open(wish, to: client)
        guard client.permits(room.tenant) else { throw Refusal.forbidden }
        guard !context.platform.directory.hasEnded(room.tenant) else { throw Refusal.notFound }
        if case .display(let display, let digest) = grant {
            try clients.admitLookup(for: client)
            try await check(display, digest, room)
        }
        if let line = room.line { try await ready(line, room, for: client) }
        return (room, grant)
    }

    private func check(_ display: DisplayID, _ digest: String, _ room: Room) async throws {
        guard let line = room.line else { throw Refusal.forbidden }
        let store = try await context.store(for: line.tenant)
        guard try await store.data.ask(DisplayRows.permits(display, tokenDigest: digest, line.queue)) else {
            throw Refusal.forbidden
        }
    }

    /// Lets a client into the rooms that its token opens by itself: its own, and for staff that of the clinic.
    func ownRooms(of client: Client) async throws(Refusal) {
        guard let principal = client.principal else { return }
        _ = try await self(.user(principal.userID), client)
        if principal.role.map(Self.staff.contains) == true { _ = try await self(.clinic(principal.tenant), client) }
    }

    func leave(_ wish: RoomWish, _ client: Client) throws(Refusal) {
        rooms.leave(try open(wish, to: client).room, client)
    }

    private func ready(_ line: LineKey, _ room: Room, for client: Client) async throws(Refusal) {
        if lines.find(line)?.shows(room) != true { try clients.admitLookup(for: client) }
        let followed = try await lines.ready(line)
        if case .patient(_, let holder) = room {
            guard try await followed.hasTicket(ofHolder: holder) else { throw .notFound }
        }
    }

    /// Everything that a room shows.
    func show(_ room: Room) throws -> Announcement {
        guard let line = room.line else { return try Announcement("joined", EmptyState()) }
        guard let followed = lines.find(line) else { throw Refusal.busy }
        return try followed.show(room)
    }

    /// The room, and what opens it, if the client has the right to it.
    private func open(_ wish: RoomWish, to client: Client) throws(Refusal) -> (room: Room, grant: Client.Grant) {
        switch wish {
        case .patient(let text):
            guard let token = PatientToken(text) else { throw .notFound }
            return (.patient(LineKey(token.id, of: token.tenant), holder: token.digest), .ticket)
        case .staff(let queue):
            return (.staff(LineKey(queue, of: try principal(of: client, Self.staff).tenant)), .token)
        case .display(let queue, let text?):
            guard let token = DisplayToken(text) else { throw .unauthenticated }
            return (.display(LineKey(queue, of: token.tenant)), .display(token.id, digest: token.digest))
        case .display(let queue, nil):
            let principal = try principal(of: client, Self.staff.union([.display]))
            return (.display(LineKey(queue, of: principal.tenant)), .token)
        case .clinic(let tenant):
            guard try principal(of: client, Self.staff).tenant == tenant else { throw .forbidden }
            return (.clinic(tenant), .token)
        case .user(let user):
            let principal = try principal(of: client, Set(Role.allCases))
            guard principal.userID == user else { throw .forbidden }
            return (.user(user, principal.tenant), .token)
        }
    }

    private func principal(of client: Client, _ roles: Set<Role>) throws(Refusal) -> Principal {
        guard let principal = client.principal else { throw .unauthenticated }
        guard let role = principal.role, roles.contains(role) else { throw .forbidden }
        return principal
    }
}
