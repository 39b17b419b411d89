import Tenancy

extension MigrationSet {
    /// The service's own schema: what tenants have decided, and the run of Redis that was published into.
    static let offices = MigrationSet(
        "availability-registry",
        [
            Migration(1, "offices", PackageResources.R0001_offices_sql),
            Migration(2, "office places", PackageResources.R0002_office_places_sql),
        ])
    /// The days of one tenant and their journal.
    static let availability = MigrationSet(
        "availability",
        [
            Migration(1, "availability", PackageResources.V0001_availability_sql),
            Migration(2, "compression of views", PackageResources.V0007_compression_of_views_sql),
        ])
    /// Anomalies: a tenant's own, and in the service's schema those that concern no single tenant.
    static let anomalies = MigrationSet(
        "availability-anomalies", [Migration(1, "anomalies", PackageResources.V0002_anomalies_sql)])
    /// A function that the service's own schema was given; nothing calls it any more.
    static let pastDays = MigrationSet(
        "availability-past-days", [Migration(1, "past days", PackageResources.V0003_past_days_sql)])
    /// Which tenants have outstanding work at a given instant.
    static let outstandingWork = MigrationSet(
        "availability-work",
        [
            Migration(1, "outstanding work", PackageResources.V0004_outstanding_work_sql),
            Migration(2, "urgent work", PackageResources.V0006_urgent_work_sql),
        ])
    /// From which generation of Booking's data a tenant's copy was made.
    static let bookingGeneration = MigrationSet(
        "availability-generation", [Migration(1, "booking generation", PackageResources.V0005_booking_generation_sql)])
}
