/// The label keys of our pprof files.
///
/// They are a stable interface: other tools filter by them.
package enum LabelKey {
  package static let operation = "op"
  package static let role = "role"
  package static let phase = "phase"
  package static let thread = "thread"
  package static let waitClass = "class"
  package static let lock = "lock"
  /// Who waited, on a sample that is charged to whoever made them wait.
  package static let waiter = "waiter"
  package static let process = "process"
  package static let systemCall = "syscall"
  /// Present, with the value `true`, on a sample whose stack was cut short.
  package static let truncated = "truncated"
}
