import GuichetProtocol
import JSONCoding

/// How callers of the API authenticate, in the terms of OpenAPI.
enum SecurityScheme {
    /// The name of the scheme of service accounts.
    static let serviceAccount = "serviceAccount"

    static let documents: JSONValue = ["bearer": bearer, serviceAccount: clientCredentials]

    private static let bearer: JSONValue = [
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": """
        An access token of Identity, valid for ten minutes. `POST /api/auth/login` (operation `logIn` of \
        `/openapi/identity.json`) takes tenant, e-mail address and password, and for administrators a code of their \
        authenticator application, and answers `tokens.accessToken`. `POST /api/auth/refresh` exchanges \
        `tokens.refreshToken`, which is valid once, for new tokens.
        """,
    ]

    private static let clientCredentials: JSONValue = [
        "type": "oauth2",
        "description": """
        An access token for a program (RFC 6749 section 4.4). An administrator of the tenant creates the service account, \
        its scopes and its secrets (operation `createServiceAccount` of `/openapi/identity.json`).
        """,
        "flows": [
            "clientCredentials": [
                "tokenUrl": "/api/auth/token",
                "scopes": .object(
                    Dictionary(uniqueKeysWithValues: Scope.allCases.map { ($0.rawValue, .string($0.sentence)) })),
            ]
        ],
    ]
}

extension Scope {
    /// What it permits, for the documentation.
    fileprivate var sentence: String {
        switch self {
        case .slotsRead: "Find slots that can be booked."
        case .appointmentsRead: "Read appointments, their history and the agendas."
        case .appointmentsWrite: "Hold slots; book, move and cancel appointments."
        case .patientsRead: "Search and read patients and their consents."
        case .patientsWrite: "Register and change patients, and record consents."
        case .calendarRead: "Read practitioners, rooms, types of care, holidays and settings."
        case .calendarWrite: "Change practitioners, rooms, types of care, holidays and settings."
        case .statisticsRead: "Read statistics."
        case .auditRead: "Read the audit of accounts: logins, users, tenants, refused callers."
        }
    }
}
