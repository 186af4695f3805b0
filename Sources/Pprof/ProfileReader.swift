import Basics

/// Reads `profile.proto`, gzipped or not, and checks every reference in it.
///
/// Wire ids may be sparse and in any order; strings may come after those who use them. So fields
/// are collected as they stand first, and turned into positions at the end.
package enum ProfileReader {
  package static func read(
    path: String, limits: ProfileLimits = .standard
  ) throws(ProfileError) -> Profile {
    let bytes: [UInt8]
    do { bytes = try FileSystem.contents(of: path) } catch { throw .unreadable(error.reason) }
    return try read(bytes, limits: limits)
  }

  package static func read(
    _ bytes: [UInt8], limits: ProfileLimits = .standard
  ) throws(ProfileError) -> Profile {
    if bytes.isEmpty { throw .empty }
    var collected = WireProfile(
      limits: limits, budget: max(64 << 20, bytes.count.multipliedClamped(by: limits.memoryPerByte))
    )
    var fields = FieldStream(bytes, limits: limits)
    while let field = try fields.next() { try collected.add(field) }
    if collected.sampleTypes.isEmpty, collected.strings.isEmpty {
      throw .notAProfile("it has no sample types and no strings")
    }
    return try collected.resolved()
  }
}

extension Int {
  fileprivate func multipliedClamped(by factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}
