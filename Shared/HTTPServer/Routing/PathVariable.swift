/// The name of a path's parameter and its type. A ``PathTemplate`` contains it, and ``Call/path(_:)`` reads it.
package struct PathVariable<Value: PathParameter>: Sendable {
    let name: String
    let summary: String

    /// A parameter that stands as `{name}` in the documentation.
    ///
    /// - Parameter summary: one English sentence for the documentation.
    package init(_ name: String, _ summary: String) { (self.name, self.summary) = (name, summary) }
}
