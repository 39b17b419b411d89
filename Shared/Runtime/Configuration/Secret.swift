/// A value that never comes into a log, an error or a debugger's summary by accident.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The value itself; to be handed to whoever needs it and to nobody else.
    package let value: String

    /// Wraps a value.
    package init(_ value: String) { self.value = value }

    package var description: String { "[secret]" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
