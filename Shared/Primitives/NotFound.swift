/// The thing does not exist, or the caller may not know that it exists. Answered as 404.
package struct NotFound: Error, Hashable {
    package init() {}
}
