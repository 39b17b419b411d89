/// The version that a client has read of what it is about to replace.
package enum Precondition: Hashable, Sendable {
    /// Why the thing is not replaced.
    package enum Fault: Error, Equatable {
        /// It exists, and the client does not say which version it has read.
        case unstated
        /// It is no longer what was seen.
        case failed
    }

    /// Nothing was said: right only for a thing that is not there yet.
    case unstated
    /// It must not be there yet.
    case absent
    /// Whichever is there.
    case anyVersion
    case version(Int)

    /// Throws when the condition does not hold.
    ///
    /// - Parameter current: the version that is there; nil for a thing that is not.
    package func check(_ current: Int?) throws(Fault) {
        switch (self, current) {
        case (.unstated, nil), (.absent, nil), (.anyVersion, .some): break
        case (.unstated, .some): throw .unstated
        case (.version(let seen), let current?) where seen == current: break
        default: throw .failed
        }
    }
}
