/// The name of a path's parameter and its type. A ``PathTemplate`` contains it, and ``Call/path(_:)`` reads it.
package struct PathVariable<Value: PathParameter>: Sendable {
    let name: String

    /// A parameter that stands as `{name}` in the documentation.
    package init(_ name: String) { self.name = name }
}
