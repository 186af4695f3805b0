/// Who did the work: a service in a run directory (`<role>_cpu.pprof`) and the `role` label.
///
/// Ours are the engine under test and the client that loads it; a foreign directory brings its own.
package struct Role: RawRepresentable, Hashable, Codable, Sendable, Comparable {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  package static let engine = Role(rawValue: "engine")
  package static let client = Role(rawValue: "client")

  package static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}
