package import Primitives

/// The time that an appointment reserves of one resource, buffers included. Two allocations of a resource never
/// overlap.
package struct Allocation: Hashable, Sendable {
    /// The reserved resource.
    package let resource: Identifier<Resource>
    /// The reserved period, buffers included.
    package let range: TimeRange

    /// Reserves `resource` during `range`.
    package init(resource: Identifier<Resource>, range: TimeRange) { (self.resource, self.range) = (resource, range) }
}
