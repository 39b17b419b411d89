import Primitives

/// A view, and the version that its entity tag names.
struct Versioned<View: Sendable>: Sendable {
    let view: View
    let version: EntityVersion
}
