package import HTTPServer

extension RealtimeService {
    nonisolated package static let texts = APITexts(
        sentences: PackageResources.sentences_json, examples: PackageResources.examples_json)
}
