/// The deliveries of a connection that the broker has no verdict on, by tag.
///
/// One acknowledgement can be for all deliveries up to a tag. It costs the broker less than one for each.
struct UnsettledDeliveries {
    /// In ascending order, as the broker numbers them.
    private var tags: [UInt64] = []
    private var acknowledged: Set<UInt64> = []

    mutating func add(_ tag: UInt64) { tags.append(tag) }

    /// Records that the broker gets another verdict on this one.
    mutating func remove(_ tag: UInt64) { tags.removeAll { $0 == tag } }

    mutating func acknowledge(_ tag: UInt64) { acknowledged.insert(tag) }

    /// Takes what was acknowledged: the last of the tags up to which everything is, and the tags behind it.
    mutating func takeAcknowledged() -> (through: UInt64?, others: [UInt64]) {
        let first = tags.prefix { acknowledged.contains($0) }
        let others = tags.dropFirst(first.count).filter { acknowledged.contains($0) }
        tags = tags.dropFirst(first.count).filter { !acknowledged.contains($0) }
        acknowledged = []
        return (first.last, others)
    }
}
