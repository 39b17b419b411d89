/// An account was erased: its name, address and password were removed, and its sessions have ended before. Every service
/// removes what was the account's own. The aggregate is the account; this is the only event of it.
package struct UserErased: Event {
    package static let name = EventName("identity", "user", "erased", version: 1)

    /// The account, whose id is only a pseudonym from now on.
    package var user: UserID

    package init(user: UserID) { self.user = user }
}
