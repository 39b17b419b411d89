package import Primitives

/// The name by which staff know a display.
package typealias DisplayName = OneLine<80>
