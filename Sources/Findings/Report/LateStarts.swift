import Measurement
import RunRecords
import Vocabulary

/// Time before operations begin, in which the threads of the load are due and have no core.
///
/// It is in no profile of the engine and in no service time, but whoever asked has waited for it.
struct LateStarts {
  let sentence: Prose

  /// From here on a response is said to be late for it.
  private static let ofResponse = 0.1

  /// Nil for other roles, and where hardly anything of a response lies before its beginning.
  init?(_ evidence: Evidence, _ role: RoleEvidence, _ block: ProfileSlice) {
    guard role.name == Role.client.rawValue else { return nil }
    let waits = block.samples.filter {
      ["runnable", "runqueue", "preempted"].contains($0.waitClass ?? "")
    }
    let waited = ProfileSlice.seconds(waits)
    let late = OperationKind.allCases.compactMap { Late(evidence, $0.rawValue) }
    guard waited > 0, let worst = late.max(by: { $0.share < $1.share }),
      worst.share >= Self.ofResponse
    else { return nil }
    let all = late.reduce(0) { $0 + $1.before * Double($1.count) }
    sentence =
      "Its threads are due and wait for a core for \(Wording.seconds(waited)); that is on the way: all operations together begin \(Wording.seconds(all)) late, and of the \(Wording.seconds(worst.response)) that \(name: worst.operation) takes from its intended start on average, \(Wording.seconds(worst.before)) are before it begins."
  }

  private struct Late {
    let operation: String
    let response: Double
    let before: Double
    let count: Int

    var share: Double { response > 0 ? before / response : 0 }

    init?(_ evidence: Evidence, _ operation: String) {
      guard let response = evidence.record?.result("\(operation).response.mean")?.estimate.value,
        let service = evidence.record?.result("\(operation).service.mean")?.estimate.value
      else { return nil }
      self.operation = operation
      self.response = response
      before = max(0, response - service)
      count = evidence.operations(operation)
    }
  }
}
