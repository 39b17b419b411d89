import BookingService
import ServiceHost

@main
struct Main {
    static func main() async { await ServiceHost<BookingService>.main() }
}
