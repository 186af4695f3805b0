/// How a command ends, for scripts.
///
/// The numbers are a stable interface.
enum ExitStatus: Equatable, Sendable {
  case fine
  case failed
  case regression
  case inconclusive
  case missedObjective
  case notComparable
  case badInput
  case usage
  case interrupted
  /// `record -- CMD` ends as CMD did.
  case child(Int32)

  var code: Int32 {
    switch self {
    case .fine: 0
    case .failed: 1
    case .regression: 2
    case .inconclusive: 3
    case .missedObjective: 4
    case .notComparable: 5
    case .badInput: 6
    case .usage: 64
    case .interrupted: 130
    case .child(let code): code
    }
  }
}
