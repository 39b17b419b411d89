import Tenancy

extension MigrationSet {
    /// What Realtime stores for each tenant.
    static let realtime = MigrationSet("realtime", [Migration(1, "displays", PackageResources.V0001_displays_sql)])
}
