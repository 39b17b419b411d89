package import Primitives

/// What an appointment takes of one resource, buffers included. Two allocations of a resource never overlap.
package struct Allocation: Hashable, Sendable {
    package let resource: Identifier<Resource>
    package let range: TimeRange
    package let appointment: Identifier<Appointment>

    /// `appointment` has `resource` during `range`.
    package init(resource: Identifier<Resource>, range: TimeRange, appointment: Identifier<Appointment>) {
        (self.resource, self.range, self.appointment) = (resource, range, appointment)
    }
}
