import BookingDomain

/// Which version of a thing somebody has seen who is about to replace it.
enum Precondition: Hashable, Sendable {
    /// Nothing was said: right only for a thing that is not there yet.
    case unstated
    /// Whichever is there.
    case anyVersion
    case version(Int)

    /// - Parameter current: the version that is there; nil for a thing that is not.
    ///
    /// Throws ``VersionNotStated`` or `versionConflict`.
    func check(_ current: Int?) throws {
        switch (self, current) {
        case (.unstated, nil), (.anyVersion, .some): break
        case (.unstated, .some): throw VersionNotStated()
        case (.version(let seen), let current?) where seen == current: break
        case (_, let current): throw BookingError.versionConflict(current: current ?? 0)
        }
    }
}

/// A thing that exists is replaced only by somebody who says which version they have seen.
struct VersionNotStated: Error {}
