import Tenancy

extension MigrationSet {
    /// What Booking stores for each tenant.
    static let booking = MigrationSet(
        "booking",
        [
            Migration(1, "booking", PackageResources.V0001_booking_sql),
            Migration(2, "calendar administration", PackageResources.V0002_calendar_administration_sql),
            Migration(3, "first holds", PackageResources.V0003_first_holds_sql),
            Migration(4, "holds of a client", PackageResources.V0004_holds_of_a_client_sql),
            Migration(5, "retention", PackageResources.V0005_retention_sql),
            Migration(6, "names of patients", PackageResources.V0006_names_of_patients_sql),
            Migration(7, "links of patients", PackageResources.V0007_links_of_patients_sql),
        ])
}
