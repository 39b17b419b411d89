/// One step in the history of a schema, a `.sql` file that is embedded at build time.
///
/// Once released it never changes. It names no schema: the migrator sets the search path.
package struct Migration: Sendable {
    /// From 1, without gaps within its set.
    package let number: Int
    /// What it does, as in its file name.
    package let name: String
    /// The statements, which run in one transaction.
    package let script: String

    /// - Parameter file: the bytes of the file, as the build embeds them.
    package init(_ number: Int, _ name: String, _ file: [UInt8]) {
        self.number = number
        self.name = name
        script = String(decoding: file, as: UTF8.self)
    }
}

/// The migrations of one module or service, in order. Several independent sets can share a schema.
package struct MigrationSet: Sendable {
    /// The module or service; each schema records its history under this name.
    package let name: String
    /// The steps, from number 1 on.
    package let migrations: [Migration]

    /// `migrations` are in order, from number 1 without gaps.
    package init(_ name: String, _ migrations: [Migration]) {
        precondition(
            migrations.map(\.number) == Array(1...migrations.count), "migrations are numbered from 1 without gaps")
        self.name = name
        self.migrations = migrations
    }
}

extension [MigrationSet] {
    /// A one-line fingerprint of a schema with all these migrations, by their exact text: editing a script changes it.
    var fingerprint: String {
        map { set in
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
            for byte in set.migrations.flatMap({ $0.script.utf8 }) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            return "\(set.name):\(set.migrations.count):\(String(hash, radix: 16))"
        }.joined(separator: " ")
    }
}
