import Basics
package import RunRecords

/// Where runs are fetched from: the disk, or the values of a test.
package struct RunShelf: Sendable {
  package let open: @Sendable (String) throws -> RunFolder
  /// Of everything in the run's folder.
  package let digest: @Sendable (String) throws -> String
  package let isThere: @Sendable (String) -> Bool

  package init(
    open: @escaping @Sendable (String) throws -> RunFolder,
    digest: @escaping @Sendable (String) throws -> String,
    isThere: @escaping @Sendable (String) -> Bool
  ) {
    self.open = open
    self.digest = digest
    self.isThere = isThere
  }

  package static let disk = RunShelf(
    open: { try RunReader.open($0) }, digest: { try RunDigest.of($0) },
    isThere: { FileSystem.isDirectory($0) })
}
