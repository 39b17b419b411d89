/// A group of routes in the documentation: those of one resource.
package struct RouteTag: Hashable, Sendable {
    /// The name of the resource, for example `Care types`.
    package let name: String
    /// One English sentence.
    package let summary: String
}

extension Array where Element == Route {
    /// The same routes, documented under the name of their resource.
    package func tagged(_ name: String, _ summary: String) -> [Route] {
        map { route in
            var route = route
            route.tag = RouteTag(name: name, summary: summary)
            return route
        }
    }
}
