/// What accounts and queues are made of at RabbitMQ: the part of its definitions (`/api/definitions`) that subscribers need.
struct BrokerDefinitions: Codable, Sendable {
    var users: [User] = []
    var permissions: [Permission] = []
    var topicPermissions: [TopicPermission] = []
    var queues: [Queue] = []
    var bindings: [Binding] = []

    struct User: Codable, Hashable, Sendable {
        let name: String
        let passwordHash: String?
        let algorithm: String?
        let tags: [String]
        let limits: Limits?

        struct Limits: Codable, Hashable, Sendable {
            let connections: Int?
            let channels: Int?

            private enum CodingKeys: String, CodingKey {
                case connections = "max-connections"
                case channels = "max-channels"
            }
        }

        private enum CodingKeys: String, CodingKey {
            case name, tags, limits
            case passwordHash = "password_hash"
            case algorithm = "hashing_algorithm"
        }
    }

    /// Regular expressions for the names of resources.
    struct Permission: Codable, Hashable, Sendable {
        let user: String
        let vhost: String
        let configure: String
        let write: String
        let read: String
    }

    /// Regular expressions for routing keys.
    struct TopicPermission: Codable, Hashable, Sendable {
        let user: String
        let vhost: String
        let exchange: String
        let write: String
        let read: String
    }

    struct Queue: Codable, Sendable {
        let name: String
        let vhost: String
        let durable: Bool
        let isAutoDeleted: Bool
        let arguments: Arguments

        struct Arguments: Codable, Sendable {
            let type: String?
            let hasSingleConsumer: Bool?

            private enum CodingKeys: String, CodingKey {
                case type = "x-queue-type"
                case hasSingleConsumer = "x-single-active-consumer"
            }
        }

        private enum CodingKeys: String, CodingKey {
            case name, vhost, durable, arguments
            case isAutoDeleted = "auto_delete"
        }
    }

    struct Binding: Codable, Hashable, Sendable {
        let source: String
        let vhost: String
        let destination: String
        let kind: String
        let routingKey: String
        let arguments: Arguments

        /// None.
        struct Arguments: Codable, Hashable, Sendable {}

        private enum CodingKeys: String, CodingKey {
            case source, vhost, destination, arguments
            case kind = "destination_type"
            case routingKey = "routing_key"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case users, permissions, queues, bindings
        case topicPermissions = "topic_permissions"
    }

    mutating func append(_ others: BrokerDefinitions) {
        users += others.users
        permissions += others.permissions
        topicPermissions += others.topicPermissions
        queues += others.queues
        bindings += others.bindings
    }
}
