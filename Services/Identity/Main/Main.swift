import IdentityService
import ServiceHost

@main
struct Main {
    static func main() async { await ServiceHost<IdentityService>.main() }
}
