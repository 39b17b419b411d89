package import HTTPServer
package import Runtime

extension ServiceHost {
    /// Every variable that the service reads, in the order in which it reads them: what `docs/configuration.md` holds.
    package static func variables() throws -> [ConfigurationVariable] {
        let (service, variables) = try unstarted()
        service.close()
        return variables
    }

    /// The description of the API with other texts than the program has: what `docs/openapi` holds.
    package static func description(_ texts: APITexts) throws -> OpenAPIDocument {
        let (service, _) = try unstarted()
        defer { service.close() }
        return OpenAPIDocument("\(Hosted.name)", routes: service.routes, texts: texts)
    }

    /// The service, which serves nothing, and the variables that it has read.
    private static func unstarted() throws -> (service: Hosted, variables: [ConfigurationVariable]) {
        // Nothing listens at these addresses; they only have to be well formed.
        let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        let environment = [
            "GUICHET_DATABASES": "main=postgres://localhost/none", "GUICHET_AMQP_URL": "amqp://none@localhost:1/none",
            "GUICHET_KEYRING": "none:\(key)", "GUICHET_BLIND_INDEX_KEY": key, "GUICHET_PAGE_CURSOR_KEY": key,
        ].merging(Hosted.sampleEnvironment) { $1 }
        var reader = ConfigurationReader(environment: environment)
        let service = try ServiceHost(&reader).service
        return (service, reader.variables)
    }
}
