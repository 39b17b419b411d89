import AvailabilityService
import ServiceHost

@main
struct Main {
    static func main() async { await ServiceHost<AvailabilityService>.main() }
}
