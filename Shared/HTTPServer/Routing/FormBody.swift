/// A body that is sent as `application/x-www-form-urlencoded`, where a standard requires it. Fields of other names than
/// its parameters are ignored, as by ``OpenQuery``; one that occurs twice is refused.
package protocol FormBody: OpenQuery {}
