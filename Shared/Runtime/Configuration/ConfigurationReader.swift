package import FoundationEssentials

/// Reads the configuration of a service from its environment. Each call reads one variable and documents it; faults are
/// collected, so that ``check()`` reports all of them at once.
///
///     var reader = ConfigurationReader()
///     let port = reader.integer("GUICHET_HTTP_PORT", default: 8080, in: 1...65535, "TCP port of the service.")
///     let password = reader.secret("GUICHET_DATABASE_PASSWORD", "Password of the service's database role.")
///     try reader.check()
///
/// An empty variable counts as absent. After a fault a call returns some valid value; do not use it before ``check()``
/// has passed. Read each variable once, and even if another one makes it unnecessary: a variable that is not read is
/// neither documented nor known.
package struct ConfigurationReader {
    /// The prefix of every variable of the suite.
    package static let prefix = "GUICHET_"

    /// The variables read so far, in order.
    package private(set) var variables: [ConfigurationVariable] = []

    private let environment: [String: String]
    private var known: Set<String> = []
    private var faults: [String] = []

    /// Reads from these variables.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.environment = environment
    }

    /// A whole number within bounds. Without a default the variable is required.
    package mutating func integer(
        _ name: String, default fallback: Int? = nil, in range: ClosedRange<Int>, _ purpose: String
    ) -> Int {
        required(name, .integer(in: range), fallback, purpose) ?? range.lowerBound
    }

    /// Text, unchanged.
    package mutating func string(_ name: String, default fallback: String? = nil, _ purpose: String) -> String {
        required(name, .text, fallback, purpose) ?? ""
    }

    /// Text, or nil if the variable is absent.
    package mutating func optionalString(_ name: String, _ purpose: String) -> String? {
        optional(name, .text, purpose)
    }

    /// `true` or `false`.
    package mutating func boolean(_ name: String, default fallback: Bool? = nil, _ purpose: String) -> Bool {
        required(name, .boolean, fallback, purpose) ?? false
    }

    /// A duration within bounds, written as a whole number and its unit: `250ms`, `5s`, `15min`, `2h`.
    package mutating func duration(
        _ name: String, default fallback: Duration? = nil, in range: ClosedRange<Duration>, _ purpose: String
    ) -> Duration {
        required(name, .duration(in: range), fallback, purpose) ?? range.lowerBound
    }

    /// A case of an enumeration, by its raw value.
    package mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String, default fallback: Value, _ purpose: String
    ) -> Value {
        required(name, .choice, fallback, purpose) ?? fallback
    }

    /// Texts separated by commas; spaces around them are ignored.
    package mutating func list(_ name: String, default fallback: [String]? = nil, _ purpose: String) -> [String] {
        required(name, .list, fallback, purpose) ?? []
    }

    /// A URL with a host and one of these schemes. A URL that contains a password is refused: read it with
    /// ``secret(_:_:)``.
    package mutating func url(
        _ name: String, default fallback: URL? = nil, schemes: [String], _ purpose: String
    ) -> URL {
        required(name, .url(schemes: schemes), fallback, purpose) ?? URL(filePath: "/")
    }

    /// A URL as in ``url(_:default:schemes:_:)``, or nil if the variable is absent.
    package mutating func optionalURL(_ name: String, schemes: [String], _ purpose: String) -> URL? {
        optional(name, .url(schemes: schemes), purpose)
    }

    /// A required secret: the value of `NAME`, or the content of the file that `NAME_FILE` names, without its final
    /// line feed. Containers get their secrets as files.
    package mutating func secret(_ name: String, _ purpose: String) -> Secret {
        documentSecret(name, .refused, purpose)
        return findSecret(name) ?? Secret("")
    }

    /// A secret as in ``secret(_:_:)``, or nil if neither variable is set.
    package mutating func optionalSecret(_ name: String, _ purpose: String) -> Secret? {
        documentSecret(name, .unused, purpose)
        return text(name) == nil && text("\(name)_FILE") == nil ? nil : findSecret(name)
    }

    /// Throws the faults of the variables read so far, before their values are used; more variables may be read
    /// afterwards.
    package func checkValues() throws(ConfigurationError) {
        guard faults.isEmpty else { throw ConfigurationError(faults: faults) }
    }

    /// Throws all faults, including unknown variables with the prefix of the suite: they are probably misspelt.
    package func check() throws(ConfigurationError) {
        let unknown = environment.keys.filter { $0.hasPrefix(Self.prefix) && !known.contains($0) }.sorted()
        let all = faults + unknown.map { "\($0) is unknown\(suggestion(for: $0))" }
        guard all.isEmpty else { throw ConfigurationError(faults: all) }
    }
}

extension ConfigurationReader {
    private mutating func required<Value>(
        _ name: String, _ kind: ValueKind<Value>, _ fallback: Value?, _ purpose: String
    ) -> Value? {
        document(name, accepted: kind.accepted, fallback.map { .value(kind.write($0)) } ?? .refused, purpose)
        guard let text = text(name) else {
            if fallback == nil { faults.append("\(name) is missing: it must be \(kind.expected).") }
            return fallback
        }
        return parsed(name, text, kind)
    }

    private mutating func optional<Value>(_ name: String, _ kind: ValueKind<Value>, _ purpose: String) -> Value? {
        document(name, accepted: kind.accepted, .unused, purpose)
        return text(name).flatMap { parsed(name, $0, kind) }
    }

    private mutating func parsed<Value>(_ name: String, _ text: String, _ kind: ValueKind<Value>) -> Value? {
        if let value = kind.parse(text) { return value }
        // Never quote the credentials of a URL, whatever the variable.
        let shown = text.replacing(/:\/\/.*@/, with: "://…@").prefix(80)
        faults.append("\(name) is '\(shown)': it must be \(kind.expected).")
        return nil
    }

    private mutating func findSecret(_ name: String) -> Secret? {
        let fileName = "\(name)_FILE"
        switch (text(name), text(fileName)) {
        case (let value?, nil): return Secret(value)
        case (nil, let path?):
            do {
                return Secret(try SecretFile.read(path))
            } catch {
                faults.append("\(fileName) names '\(path)', \(error.reason).")
            }
        case (nil, nil):
            faults.append("\(name) is missing: set it to the secret, or \(fileName) to the file that contains it.")
        case (_?, _?): faults.append("\(name) and \(fileName) are both set: set only one.")
        }
        return nil
    }

    private mutating func document(
        _ name: String, accepted: String, _ absence: ConfigurationVariable.Absence, _ purpose: String
    ) {
        precondition(name.hasPrefix(Self.prefix), "\(name) must begin with \(Self.prefix)")
        precondition(known.insert(name).inserted, "\(name) is read twice")
        variables.append(
            ConfigurationVariable(name: name, accepted: accepted, absence: absence, purpose: purpose))
    }

    private mutating func documentSecret(
        _ name: String, _ absence: ConfigurationVariable.Absence, _ purpose: String
    ) {
        document(name, accepted: "secret, or `\(name)_FILE`", absence, purpose)
        known.insert("\(name)_FILE")
    }

    private func text(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func suggestion(for name: String) -> String {
        let nearest = known.map { (name: $0, distance: editDistance(Array($0.utf8), Array(name.utf8))) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        guard let nearest, nearest.distance <= 3 else { return "." }
        return ": did you mean \(nearest.name)?"
    }
}

/// The Levenshtein distance: how many bytes must be inserted, removed or replaced.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, byte) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in right.enumerated() {
            let replaced = diagonal + (byte == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
        }
    }
    return row[right.count]
}
