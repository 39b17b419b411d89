/// A document or query string that does not match its type, with every fault found in it.
package struct InvalidInput: Error, Hashable {
    /// One fault: its place, and a French sentence that says what is wrong.
    package struct Fault: Hashable, Sendable, Codable {
        /// A JSON Pointer (RFC 6901) into the document; empty for the document itself. For a query string, `/name`.
        package let pointer: String
        /// What is wrong, in French, for the person who made the request.
        package let detail: String

        /// A fault found by a rule that no type can express, at its place.
        package init(pointer: String, detail: String) {
            self.pointer = pointer
            self.detail = detail
        }
    }

    /// The faults in the order in which they were found: at least one, at most ``maximumFaults``.
    package let faults: [Fault]

    /// The most faults that are collected.
    package static let maximumFaults = 32

    /// Input that is refused for these reasons.
    package init(faults: [Fault]) { self.faults = faults }
}
