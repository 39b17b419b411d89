/// The source of values for the containers of this module: a JSON tree, or the recorder that derives schemas.
protocol DecodingSource: Decoder {
    /// The fields of an object, in order.
    var fieldNames: [String] { get }
    /// The number of elements of an array; nil if it is not an array.
    var elementCount: Int? { get }

    func hasField(_ name: String) -> Bool
    func isNull(_ position: Position) -> Bool
    func scalar<T: Scalar>(_ position: Position) throws -> T
    func value<T: Decodable>(_ type: T.Type, _ position: Position) throws -> T
    func nested(_ position: Position) throws -> Self
}

/// A place relative to a decoder.
enum Position {
    case itself
    case field(String)
    case element(Int)
}

extension DecodingSource {
    var userInfo: [CodingUserInfoKey: Any] { [:] }
}
