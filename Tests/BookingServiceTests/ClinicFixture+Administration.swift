import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives
import ServiceTesting
import Tenancy

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

    /// The tables of the tenant that have a row with this text in any column.
    @EventLoop func mentions(_ text: String) async throws -> Set<String> {
        let schema = try await data.schema.description
        let found = try await data.query(
            """
            SELECT table_name FROM information_schema.tables
            WHERE table_schema = \(schema) AND table_type = 'BASE TABLE' AND position(\(text) IN
                query_to_xml(format('SELECT * FROM %I.%I', table_schema, table_name), true, false, '')::text) > 0
            """)
        return Set(try found.map { try $0.get("table_name") })
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
