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
        /// The form of the problems of all routes at and below the node; nil if they have several.
        private(set) var problemForm: ProblemForm?
        private var isEmpty = true

        /// Takes note of the form of a route at or below the node.
        func add(_ form: ProblemForm) {
            problemForm = isEmpty || problemForm?.mediaType == form.mediaType ? form : nil
            isEmpty = false
        }

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
            node.add(route.problemForm)
            for segment in route.template.segments {
                switch segment {
                case .literal(let text): node = node.literal(text)
                case .parameter: node = node.anySegment()
                }
                node.add(route.problemForm)
            }
            let previous = node.routes.updateValue(route, forKey: route.method)
            precondition(previous == nil, "two routes for \(route.method.rawValue) \(route.template)")
        }
    }

    /// The form of a refusal that precedes the choice of a route: that of the routes below the known part of the path, if
    /// they share one.
    func problemForm(near target: String) -> ProblemForm {
        var node = root
        for segment in target.prefix(while: { $0 != "?" }).split(separator: "/", omittingEmptySubsequences: false)
            .dropFirst()
        {
            guard let next = node.literals[String(segment)] ?? node.parameter else { break }
            node = next
        }
        return node.problemForm ?? .details
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
