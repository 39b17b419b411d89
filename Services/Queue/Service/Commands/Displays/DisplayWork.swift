import EventLoop
import ServiceHost

/// What is done with displays.
@EventLoop
struct DisplayWork {
    let openPairing: OpenPairing
    let confirm: ConfirmDisplay
    let claimToken: ClaimDisplayToken
    let change: ChangeDisplay
    let read = ReadDisplays()

    init(_ context: ServiceContext) {
        (openPairing, confirm) = (OpenPairing(context: context), ConfirmDisplay(context: context))
        (claimToken, change) = (ClaimDisplayToken(context: context), ChangeDisplay(context: context))
    }
}
