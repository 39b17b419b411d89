extension EncodedMessage {
    /// What the frame carries.
    package var content: ArraySlice<UInt8> {
        switch bytes[1] {
        case 127: bytes.dropFirst(10)
        case 126: bytes.dropFirst(4)
        default: bytes.dropFirst(2)
        }
    }
}
