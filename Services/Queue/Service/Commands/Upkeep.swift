import EventLoop
import ServiceHost

/// What is done with lines at intervals.
@EventLoop
struct Upkeep {
    let followOpeningPlans: FollowOpeningPlans
    let watchLimits: WatchLimits
    let removeOutdated: RemoveOutdated
    let removeNames: RemoveNames

    init(_ context: ServiceContext, _ lines: LineChanges, _ changeQueue: ChangeQueue) {
        followOpeningPlans = FollowOpeningPlans(context: context, lines: lines, changeQueue: changeQueue)
        watchLimits = WatchLimits(context: context, lines: lines)
        (removeOutdated, removeNames) = (RemoveOutdated(context: context), RemoveNames(context: context))
    }
}
