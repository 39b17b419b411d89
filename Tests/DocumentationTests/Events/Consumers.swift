import GuichetProtocol

/// Who subscribes to the events, read from the sources of the services.
enum Consumers {
    /// The services that subscribe to an event, by its type, in order; an event without any is missing.
    static func byEvent() throws -> [String: [String]] {
        let files = try Repository.swift(in: "Services", "Shared/ServiceHost", "Shared/Messaging")
        let pairs = EventCatalog.all.map { event in
            let payloads: [Any.Type] = [event.type] + (event.type.family.map { [$0] } ?? [])
            let names = payloads.map { "\($0)" }
            let places = files.filter { file in
                file.text.matches(of: /\.to(?:All|Family)?\((\w+)\.self[,)]/).contains { names.contains(String($0.1)) }
            }.map { String($0.path.split(separator: "/")[1]) }
            let services =
                places.contains(where: ["ServiceHost", "Messaging"].contains) ? ["every service"] : Set(places).sorted()
            return (event.name.type, services)
        }
        return Dictionary(uniqueKeysWithValues: pairs.filter { !$0.1.isEmpty })
    }
}
