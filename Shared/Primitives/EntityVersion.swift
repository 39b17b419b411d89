/// A version of a resource, exact even after a restore: the restore of a backup begins a new generation, in which the
/// numbers after the backup are used again.
///
/// In JSON it is the number alone. A version read from JSON belongs to the first generation, so compared with one of a
/// later generation it is never equal.
package struct EntityVersion: Hashable, Sendable {
    /// 1 until the first restore.
    package let generation: Int
    /// Counts the changes of the resource.
    package let number: Int

    /// A version in a generation.
    package init(generation: Int, number: Int) { (self.generation, self.number) = (generation, number) }

    /// The version that this one was changed from.
    package var predecessor: EntityVersion { EntityVersion(generation: generation, number: number - 1) }
}

extension EntityVersion: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(generation: 1, number: try decoder.singleValueContainer().decode(Int.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }
}
