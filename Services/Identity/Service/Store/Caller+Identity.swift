import Authentication

extension Caller {
    /// The caller, as the audit names them.
    var actor: Actor { Actor(user: user, session: session, network: network) }
}
