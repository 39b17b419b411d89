/// Why a connection ends (RFC 6455 section 7.4).
package struct CloseCode: Hashable, Sendable, CustomStringConvertible {
    /// The number in the close frame.
    package let number: UInt16

    /// A code of an application: 3000 to 4999. To state another number is a programmer's error.
    package init(application number: UInt16) {
        precondition((3000...4999).contains(number), "\(number) is not a code of an application")
        self.number = number
    }

    init(number: UInt16) { self.number = number }

    /// The purpose of the connection is fulfilled.
    package static let normal = CloseCode(number: 1000)
    /// The server drains: connect again.
    package static let goingAway = CloseCode(number: 1001)
    /// The peer broke the protocol.
    package static let protocolError = CloseCode(number: 1002)
    /// The close frame of the peer had no code. Never sent.
    package static let none = CloseCode(number: 1005)
    /// The connection was lost without a close frame. Never sent.
    package static let lost = CloseCode(number: 1006)
    /// Text that is not UTF-8.
    package static let invalidText = CloseCode(number: 1007)
    /// The peer broke a rule of the application: its token expired, or it reads too slowly.
    package static let policyViolation = CloseCode(number: 1008)
    /// A message exceeded its limit.
    package static let tooBig = CloseCode(number: 1009)
    /// The server failed.
    package static let internalError = CloseCode(number: 1011)

    package var description: String { String(number) }
}
