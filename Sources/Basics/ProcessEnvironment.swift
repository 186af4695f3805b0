import Glibc

/// The environment of this process, as a value.
package enum ProcessEnvironment {
  package static var all: [String: String] {
    var found: [String: String] = [:]
    // SAFETY: environ is a nil-terminated list of C strings that nobody changes while we read.
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      let pair = unsafe String(cString: text).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { found[String(pair[0])] = String(pair[1]) }
      unsafe entry += 1
    }
    return found
  }

  /// `NAME=value` for a child: ours, and more that wins.
  package static func merged(with more: [String: String]) -> [String] {
    all.merging(more) { _, new in new }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }
}
