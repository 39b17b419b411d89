package import Primitives

/// The version that a client has read of the resource that it is about to replace.
package enum Precondition: Hashable, Sendable {
    /// Why the resource is not replaced.
    package enum Fault: Error, Equatable {
        /// The resource exists, and the client does not say which version it has read.
        case unstated
        /// The resource is not what the client has read.
        case failed
    }

    /// The client says nothing: valid only for a resource that does not exist.
    case unstated
    /// The resource must not exist.
    case absent
    /// The resource must exist, in any version.
    case anyVersion
    /// The resource must have this version, in this generation.
    case version(EntityVersion)

    /// Throws if the condition does not hold.
    ///
    /// - Parameter current: the present version; nil if the resource does not exist.
    package func check(_ current: EntityVersion?) throws(Fault) {
        switch (self, current) {
        case (.unstated, nil), (.absent, nil), (.anyVersion, .some): break
        case (.unstated, .some): throw .unstated
        case (.version(let seen), let current?) where seen == current: break
        default: throw .failed
        }
    }
}
