import EventLoop
import Foundation
package import HTTPServer
package import JSONCoding
package import ServiceHost

/// The documents that describe the API of a service: the sentences that its program embeds, from the doc comments, and
/// `docs/openapi/<name>.json`. `make docs` writes them: it sets `GUICHET_TEST_WRITE_DOCUMENTS=1`.
package enum APIDocuments {
    private static let root = (0..<4).reduce(URL(filePath: #filePath)) { path, _ in path.deletingLastPathComponent() }

    /// Throws if a document is not current, or if an example is none of its type.
    @EventLoop
    package static func check<Hosted: GuichetService>(_: Hosted.Type) throws {
        let folder = "Services/\(String(describing: Hosted.self).dropLast("Service".count))/Service/Documentation"
        let plain = try ServiceHost<Hosted>.description(.none)
        let sentences = try sentences(of: Hosted.self, plain)
        let examples = try JSONValue(parsing: Array(Data(contentsOf: root.appending(path: "\(folder)/examples.json"))))
        try check(examples.members, plain)
        let texts = APITexts(sentences: sentences, examples: examples.members)
        let document = try ServiceHost<Hosted>.description(texts).content
        try compare("\(folder)/sentences.json", with: .object(sentences.mapValues { .string($0) }))
        try compare("docs/openapi/\(Hosted.name).json", with: document)
    }

    /// The sentences by the names under which the document looks for them.
    @EventLoop
    package static func sentences<Hosted: GuichetService>(
        of _: Hosted.Type, _ document: OpenAPIDocument
    ) throws -> [String: String] {
        let comments = DocComments(root: root)
        var sentences: [String: String] = [:]
        sentences[""] = try comments.text(of: Hosted.self)
        for (name, type) in document.catalog.types {
            sentences[name] = try comments.text(of: type)
            guard case .object(let properties, _, _)? = document.catalog.components[name] else { continue }
            for member in properties.keys {
                let types = [type] + ((type as? any ComposedQuery.Type)?.parts ?? [])
                sentences["\(name).\(member)"] = try types.compactMap { try comments.text(of: member, in: $0) }.first
            }
        }
        for (name, problem) in document.problems {
            sentences[name] =
                try comments.text(ofProblem: problem.slug, in: "HTTPServer")
                ?? comments.text(ofProblem: problem.slug, in: String(describing: Hosted.self))
        }
        return sentences
    }

    private static func check(_ examples: [String: JSONValue], _ document: OpenAPIDocument) throws {
        for (name, example) in examples {
            guard let type = document.catalog.types[name] as? any Decodable.Type else { continue }
            do {
                _ = try StrictJSON.decode(type, from: JSONOutput.encode(example))
            } catch {
                throw WrongExample(name: name, reason: "\(error)")
            }
        }
    }

    /// Throws unless a file of the repository is this document; `make docs` writes it.
    @EventLoop
    package static func compare(_ path: String, with document: JSONValue) throws {
        let (file, text) = (root.appending(path: path), try document.indented() + "\n")
        if ProcessInfo.processInfo.environment["GUICHET_TEST_WRITE_DOCUMENTS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        guard try String(contentsOf: file, encoding: .utf8) == text else { throw OutdatedDocument(name: path) }
    }
}

/// An example of a body that the type does not accept.
struct WrongExample: Error {
    let name: String
    let reason: String
}

extension JSONValue {
    /// How long a value on one line may be.
    private static let width = 118

    /// The value with a line for each member that is not short, in the order of the keys.
    fileprivate func indented(_ margin: String = "") throws -> String {
        let line = try JSONOutput.text(self)
        let inner = margin + "  "
        switch self {
        case .object(let members) where line.count > Self.width && !members.isEmpty:
            let parts = try members.sorted { $0.key < $1.key }.map {
                "\(inner)\(try JSONOutput.text(JSONValue.string($0))): \(try $1.indented(inner))"
            }
            return "{\n\(parts.joined(separator: ",\n"))\n\(margin)}"
        case .array(let elements) where line.count > Self.width && !elements.isEmpty:
            return "[\n\(try elements.map { inner + (try $0.indented(inner)) }.joined(separator: ",\n"))\n\(margin)]"
        default: return line
        }
    }
}
