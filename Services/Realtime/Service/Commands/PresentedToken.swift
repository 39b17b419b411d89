import RealtimeDomain

/// The token that a client presents once for all of its rooms: that of a display, or an access token.
enum PresentedToken: Sendable {
    case access(String)
    case display(String)

    init(_ text: String) { self = DisplayToken(text) == nil ? .access(text) : .display(text) }

    /// The access token; nil for a display.
    var access: String? { if case .access(let token) = self { token } else { nil } }

    /// The token of a display; nil for an access token.
    var display: String? { if case .display(let token) = self { token } else { nil } }
}
