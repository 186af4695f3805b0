package import Pprof

/// Names for addresses, asked of the caller: symbol tables are not this room's work.
package struct AddressNaming: Sendable {
  package typealias Lines = [(function: Profile.Function, line: Int64)]

  /// A place in a file that was mapped when the profile was taken.
  package struct Place: Sendable, Hashable {
    package let path: String
    /// Lowercase hexadecimal, empty when the profile does not tell.
    package let buildID: String
    /// Where in the file the byte stands.
    package let fileOffset: UInt64
    /// What the process called it.
    package let address: UInt64
  }

  /// The functions at a place, the innermost first; empty when it has no name.
  package var user: @Sendable (Place) -> Lines
  /// The name of the kernel's function at an address.
  package var kernel: @Sendable (UInt64) -> String?

  package init(
    user: @escaping @Sendable (Place) -> Lines, kernel: @escaping @Sendable (UInt64) -> String?
  ) {
    self.user = user
    self.kernel = kernel
  }

  /// Nobody knows any name.
  package static let none = AddressNaming(user: { _ in [] }, kernel: { _ in nil })
}
