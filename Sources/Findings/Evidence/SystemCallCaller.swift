package import Pprof
import Vocabulary

/// A function that makes system calls of one name, for which operation, and what they took.
package struct SystemCallCaller: Codable, Sendable, Equatable {
  package var call: String
  package var operation: String?
  package var function: String
  package var count: Int
  package var seconds: Double

  private struct Key: Hashable {
    let call: String
    let operation: String?
    let function: String
  }

  /// Reads a profile of system calls (`<role>_syscalls.pprof`); those that took longest come first.
  package static func callers(in profile: Profile) -> [SystemCallCaller] {
    var reader = SampleReader()
    let samples = reader.samples(of: profile, kind: .block)
    var callers: [Key: SystemCallCaller] = [:]
    for (sample, stack) in zip(profile.samples, samples) {
      guard let call = sample.label(LabelKey.systemCall) else { continue }
      let key = Key(
        call: call, operation: stack.operation, function: function(stack, reader.table))
      callers[
        key,
        default: SystemCallCaller(
          call: call, operation: key.operation, function: key.function, count: 0, seconds: 0)
      ].add(stack)
    }
    return callers.values.sorted(by: precedes)
  }

  private mutating func add(_ stack: StackSample) {
    count += Int(clamping: stack.count)
    seconds += Double(stack.value) / 1e9
  }

  /// The innermost function of the project; where there is none, whatever is above the call itself.
  private static func function(_ stack: StackSample, _ table: SymbolTable) -> String {
    let symbols = stack.symbols.map { table[$0] }
    if let own = symbols.first(where: { $0.layer == .project }) { return own.short }
    if let main = symbols.first(where: { $0.name == "main" }) { return main.short }
    let named = symbols.filter { $0.layer == .system }
    return (named.dropFirst().first ?? named.first)?.short ?? symbols.last?.short ?? "[unknown]"
  }

  private static func precedes(_ left: SystemCallCaller, _ right: SystemCallCaller) -> Bool {
    if left.seconds != right.seconds { return left.seconds > right.seconds }
    if left.count != right.count { return left.count > right.count }
    return [left.call, left.function, left.operation ?? ""]
      .lexicographicallyPrecedes([right.call, right.function, right.operation ?? ""])
  }
}
