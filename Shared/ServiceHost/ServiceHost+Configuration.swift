package import Runtime

extension ServiceHost {
    /// Every variable that the service reads, in the order in which it reads them: what `docs/configuration.md` holds.
    package static func variables() throws -> [ConfigurationVariable] {
        // Nothing listens at these addresses; they only have to be well formed.
        let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        let environment = [
            "GUICHET_DATABASES": "main=postgres://localhost/none", "GUICHET_AMQP_URL": "amqp://none@localhost:1/none",
            "GUICHET_KEYRING": "none:\(key)", "GUICHET_BLIND_INDEX_KEY": key, "GUICHET_PAGE_CURSOR_KEY": key,
        ].merging(Hosted.sampleEnvironment) { $1 }
        var reader = ConfigurationReader(environment: environment)
        try ServiceHost(&reader).service.close()
        return reader.variables
    }
}
