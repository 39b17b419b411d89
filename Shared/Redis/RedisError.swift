/// Why a command has no reply.
package enum RedisError: Error, Equatable {
    /// There is no connection now. Nothing was sent.
    case away
    /// Too many commands are unanswered. Nothing was sent.
    case overloaded
    /// The server did not answer in time: whether the command took effect is unknown.
    case timeout
    /// The connection was lost before the reply: whether the command took effect is unknown.
    case lost
    /// The server's error text, which begins with a code, as in `WRONGTYPE Operation against …`.
    case server(String)
}
