/// A document or query string that is not what its type asks for, with every fault found in it.
package struct InvalidInput: Error, Hashable {
    /// One fault: where, and a French sentence that says what is wrong there.
    package struct Fault: Hashable, Sendable, Codable {
        /// A JSON Pointer (RFC 6901) into the document; empty for the document itself. For a query string, `/name`.
        package let pointer: String
        /// What is wrong, for a person, in French.
        package let detail: String

        /// A fault found by a rule that no type can state, at the place it is about.
        package init(pointer: String, detail: String) {
            self.pointer = pointer
            self.detail = detail
        }
    }

    /// At least one fault, at most ``maximumFaults``, in the order they were found.
    package let faults: [Fault]

    /// More faults than this are not collected.
    package static let maximumFaults = 32

    /// Input refused for these reasons.
    package init(faults: [Fault]) { self.faults = faults }
}
