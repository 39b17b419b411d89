import JSONCoding

/// A header field of answers, as the document describes it.
enum ResponseHeader: String, CaseIterable {
    case requestID = "X-Request-Id"
    case entityTag = "ETag"
    case location = "Location"
    case retryAfter = "Retry-After"
    case authenticate = "WWW-Authenticate"

    /// `components.headers`.
    static var documents: JSONValue {
        .object(Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.document) }))
    }

    /// The `headers` of an answer that has these.
    static func references(to headers: [ResponseHeader]) -> [String: JSONValue] {
        Dictionary(
            uniqueKeysWithValues: headers.map { ($0.rawValue, ["$ref": "#/components/headers/\($0.rawValue)"]) })
    }

    /// The fields of a refusal.
    static func fields(of status: HTTPStatus, _ problems: [ProblemType]) -> [ResponseHeader] {
        var fields: [ResponseHeader] = [.requestID]
        if status == 401, problems.contains(.unauthenticated) { fields.append(.authenticate) }
        if status == 429 || status == 503 || problems.contains(.idempotencyKeyInUse) { fields.append(.retryAfter) }
        return fields
    }

    private var document: JSONValue {
        switch self {
        case .requestID:
            [
                "description":
                    "Names the request in the logs; the client's own if it sent one of 8 to 64 letters, digits, `.`, `_` and `-`.",
                "required": true, "schema": ["type": "string", "maxLength": 64],
            ]
        case .entityTag:
            [
                "description":
                    "The version of what is shown. Send it as it is in `If-Match` to change this version, or in `If-None-Match` to ask for a newer one.",
                "required": true, "schema": ["type": "string", "pattern": .string(EntityTag.pattern)],
            ]
        case .location:
            [
                "description": "The path of what was created.", "required": true,
                "schema": ["type": "string", "format": "uri-reference"],
            ]
        case .retryAfter:
            [
                "description":
                    "How many seconds to wait before the request is sent again; absent where waiting does not help.",
                "schema": ["type": "integer", "minimum": 1],
            ]
        case .authenticate:
            ["description": "How to authenticate: `Bearer`.", "schema": ["type": "string"]]
        }
    }
}
