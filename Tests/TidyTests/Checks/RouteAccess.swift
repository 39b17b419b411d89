extension Check {
    /// The compiler refuses a route that states no access, as long as there is nothing that it would mean.
    static let routeAccess = Check(
        rule: "A route states who may call it: there is no default",
        find: { tree in tree.product.flatMap(unstated) },
        breaches: [
            route("package init(_ path: String, access: Access = .anyone) {}"),
            route("package init(_ path: String, access: Access\n        = .authenticated) {}"),
            route("package init(_ path: String, access: Access?) {}"),
            route("package init(_ path: String, summary: String) {}"),
            Tree(["Services/A/Service/Routes/Open.swift": "extension Route {\n    init<Body>(open: Body) {}\n}"]),
        ],
        observances: [
            route("package init(_ path: String, access: Access, limit: Int = 1) { self.access = access }"),
            route("init(\n        body: (Int) -> Int, access: Access\n    ) {}\n\n    init?(access: Access) {}"),
        ])

    private static func route(_ initialiser: String) -> Tree {
        Tree(["Shared/HTTPServer/Routing/Route.swift": "package struct Route {\n    \(initialiser)\n}"])
    }
}

/// Initialisers of a route, wherever they are, that do not ask for it, or not all of them.
private func unstated(in file: SourceFile) -> [Finding] {
    let openings = ["struct Route:", "struct Route {", "extension Route:", "extension Route {"]
    let routes = openings.flatMap { file.code.positions(of: $0) }.compactMap { file.code.block(after: $0) }
    guard !routes.isEmpty else { return [] }
    let initialisers = ["init(", "init<", "init?("].flatMap { file.code.positions(of: $0) }
    return initialisers.filter { place in routes.contains { $0.contains(place) } }.compactMap { position in
        guard let block = file.code.block(after: position) else { return nil }
        let head = String(decoding: file.code.bytes[position..<block.lowerBound], as: UTF8.self)
        guard !head.contains(/access: Access\s*[,)]/) else { return nil }
        return file.finding(
            "a route must not compile that does not say who may call it", line: file.code.line(of: position))
    }
}
