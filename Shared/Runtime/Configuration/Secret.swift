/// A value that must not appear in a log, an error or a debugger's summary by accident.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The value itself; pass it only to the code that needs it.
    package let value: String

    /// Wraps a value.
    package init(_ value: String) { self.value = value }

    package var description: String { "[secret]" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
