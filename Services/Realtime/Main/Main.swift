import RealtimeService
import ServiceHost

@main
struct Main {
    static func main() async { await ServiceHost<RealtimeService>.main() }
}
