package import Primitives

/// What an appointment takes of one resource, buffers included. Two allocations of a resource never overlap.
package struct Allocation: Hashable, Sendable {
    /// What is taken.
    package let resource: Identifier<Resource>
    /// When, buffers included.
    package let range: TimeRange

    /// Something has `resource` during `range`.
    package init(resource: Identifier<Resource>, range: TimeRange) { (self.resource, self.range) = (resource, range) }
}
