/// Finds the route of a request. A literal segment wins over a parameter.
struct Router: Sendable {
    /// What is at a path.
    struct Match {
        /// The routes at this path by method.
        let routes: [HTTPMethod: Route]
        /// The values of the path's parameters, in the order of the template.
        let arguments: [String]

        /// The value of `Allow`.
        var allowed: String {
            var methods = Set(routes.keys).union([.options])
            if methods.contains(.get) { methods.insert(.head) }
            return HTTPMethod.allCases.filter(methods.contains).map(\.rawValue).joined(separator: ", ")
        }
    }

    private final class Node {
        var literals: [String: Node] = [:]
        var parameter: Node?
        var routes: [HTTPMethod: Route] = [:]

        /// The node below for one text, made when there is none yet.
        func literal(_ text: String) -> Node {
            let node = literals[text] ?? Node()
            literals[text] = node
            return node
        }

        /// The node below for any text, made when there is none yet.
        func anySegment() -> Node {
            let node = parameter ?? Node()
            parameter = node
            return node
        }
    }

    // Safety: nodes are written in `init` only.
    nonisolated(unsafe) private let root = Node()

    /// Two routes of one method and path, and two names for one parameter's place, are programmer's errors.
    init(_ routes: [Route]) {
        for route in routes {
            var node = root
            for segment in route.template.segments {
                switch segment {
                case .literal(let text): node = node.literal(text)
                case .parameter: node = node.anySegment()
                }
            }
            let previous = node.routes.updateValue(route, forKey: route.method)
            precondition(previous == nil, "two routes for \(route.method.rawValue) \(route.template)")
        }
    }

    func match(_ segments: [String]) -> Match? {
        var arguments: [String] = []
        return Self.match(segments[...], at: root, &arguments)
    }

    private static func match(_ segments: ArraySlice<String>, at node: Node, _ arguments: inout [String]) -> Match? {
        guard let segment = segments.first else {
            return node.routes.isEmpty ? nil : Match(routes: node.routes, arguments: arguments)
        }
        if let next = node.literals[segment], let match = match(segments.dropFirst(), at: next, &arguments) {
            return match
        }
        guard let next = node.parameter, !segment.isEmpty else { return nil }
        arguments.append(segment)
        if let match = match(segments.dropFirst(), at: next, &arguments) { return match }
        arguments.removeLast()
        return nil
    }
}
