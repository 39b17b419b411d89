/// Why a command has no reply.
package enum RedisError: Error, Equatable {
    /// There is no connection at this moment. Nothing was sent.
    case away
    /// As many commands as may be are unanswered. Nothing was sent.
    case overloaded
    /// The server did not answer within the deadline: whether the command took effect is unknown.
    case timeout
    /// The connection broke before the answer came: whether the command took effect is unknown.
    case lost
    /// The server's own words, which begin with a code as in `WRONGTYPE Operation against …`.
    case server(String)
}
