/// What a profile file counts: the last part of its name, `<role>_<kind>.pprof`.
package enum ProfileKind: String, Codable, Sendable, CaseIterable {
  case cpu, mutex, block, heap
}
