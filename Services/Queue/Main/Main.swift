import QueueService
import ServiceHost

@main
struct Main {
    static func main() async { await ServiceHost<QueueService>.main() }
}
