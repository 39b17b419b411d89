import EventLoop
import FoundationEssentials
import HTTPClient
import JSONCoding
import Primitives
import Runtime

/// Manages the accounts and queues of subscribers through RabbitMQ's management API.
///
/// Accounts can only be made by an administrator of the broker, so the account of this client could do anything there. Its
/// permissions on the host are for queues of subscribers alone, and it is not used over AMQP.
@EventLoop
final class BrokerManagement {
    /// The broker did not do what it was asked for. What it has done so far is found at the next attempt.
    enum Fault: Error {
        case unreachable(HTTPOutcome.Reason)
        case refused(_ operation: String, status: Int)
    }

    /// A queue as the broker counts it every few seconds.
    struct QueueState: Decodable, Sendable {
        let name: String
        let messages: Int?
        let consumers: Int?
    }

    private static let patience: Duration = .seconds(4)

    /// The virtual host of the suite.
    let host: String
    private let address: BrokerAddress
    private let client: HTTPClient

    init(_ address: BrokerAddress, host: String, metrics: MetricsRegistry) {
        (self.address, self.host) = (address, host)
        var configuration = HTTPClientConfiguration(peer: "broker")
        configuration.schemes = [.http, .https]
        configuration.bodyLimit = 64 * 1024 * 1024
        client = HTTPClient(configuration, metrics: metrics)
    }

    func close() { client.close() }

    /// What the broker has.
    func state() async throws -> BrokerState {
        let body = try await send(.get, "definitions", .safe)
        return BrokerState(try JSONDecoder().decode(BrokerDefinitions.self, from: Data(body)), on: host)
    }

    /// Adds what is missing, and changes what is different.
    func add(_ definitions: BrokerDefinitions) async throws {
        try await send(.post, "definitions", .never, body: JSONOutput.encode(definitions))
    }

    /// Removes an account; the broker closes its connections.
    func removeUser(_ account: SubscriberAccount) async throws {
        try await send(.delete, "users/\(account.name)", .never)
    }

    /// Removes an account and its queue. The account goes last: as long as it exists, the removal is not complete.
    func remove(_ account: SubscriberAccount) async throws {
        try await send(.delete, "queues/\(encoded(host))/\(account.queue)", .never)
        try await removeUser(account)
    }

    /// The queues of the subscribers of a tenant.
    func queues(of tenant: TenantSlug) async throws -> [String: QueueState] {
        struct QueuePage: Decodable { let items: [QueueState] }
        let prefix = SubscriberAccount("", of: tenant).name
        let body = try await send(
            .get, "queues/\(encoded(host))?page=1&page_size=100&columns=name,messages,consumers&name=\(prefix)", .safe)
        let page = try JSONDecoder().decode(QueuePage.self, from: Data(body))
        return Dictionary(page.items.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// Returns the body of a successful answer. That what is to be removed is not there, is a success.
    @discardableResult
    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ retry: RetryClass, body: [UInt8]? = nil
    ) async throws -> [UInt8] {
        let request = HTTPRequest(
            method, "\(address.origin)/api/\(path)",
            headers: [("Authorization", address.authorization.value), ("Content-Type", "application/json")], body: body)
        switch await client.send(request, retry: retry, within: Self.patience) {
        case .answered(let response):
            guard response.isSuccess || (method == .delete && response.status == 404) else {
                throw Fault.refused("\(method.rawValue) \(path.prefix { $0 != "/" })", status: response.status)
            }
            return response.body
        case .notSent(let reason), .unknown(let reason): throw Fault.unreachable(reason)
        }
    }

    private func encoded(_ name: String) -> String {
        name.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
