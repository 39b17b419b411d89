import EventLoop
import FoundationEssentials
import GuichetProtocol
import Primitives
import ServiceTesting

extension ClinicFixture {
    /// A request by an employee or a patient of the clinic, with a key of its own unless one is given.
    ///
    /// - Parameter seen: the version for `If-Match`.
    @EventLoop func ask(
        _ method: String, _ path: String, as role: Role = .manager, user: UserID = .new(), seen: Int? = nil,
        key: String = UUID().uuidString, _ body: String? = nil
    ) async throws -> TestAnswer {
        var headers = ["Idempotency-Key": key]
        if let seen { headers["If-Match"] = "\"\(seen)\"" }
        return try await service.call(method, path, token: token(role, user: user), headers: headers, body: body)
    }

    /// The day on the clinic's calendar, tomorrow or `days` from today.
    func day(_ days: Int = 1) -> String { String(instant(12, days: days).description.prefix(10)) }

    /// Registers a patient and returns the id.
    @EventLoop func register(
        _ name: String = "Yasmine Benali", phone: String = "+213551234567", as role: Role = .staff,
        user: UserID = .new()
    ) async throws -> PatientID {
        struct Registered: Decodable { let id: PatientID }
        let body = """
            {"name": "\(name)", "phone": "\(phone)", "email": "yasmine@exemple.dz",
             "consents": [{"purpose": "data_processing", "isGranted": true, "version": 1}]}
            """
        return try await ask("POST", "/api/patients", as: role, user: user, body).decode(Registered.self).id
    }
}

struct ListAnswer<Item: Decodable>: Decodable {
    let items: [Item]
}

/// Anything that is replaced by version.
struct VersionAnswer: Decodable {
    let version: Int
    let conflicts: [UUID]?
}
