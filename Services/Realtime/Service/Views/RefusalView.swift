/// A refusal as clients of Socket.IO and of streams receive it.
struct RefusalView: Codable, Sendable {
    /// The code, as in docs/realtime.md.
    let code: String
    /// What to show to the person before the screen.
    let message: String
}
