import Measurement
import RunRecords
import Vocabulary

/// The CPU of one operation of the engine: what a rule about the run cannot be worth more than.
enum CPUOfOperation {
  /// Nil where no sample says that it is of this operation.
  static func slice(_ evidence: Evidence, _ operation: OperationKind) -> ProfileSlice? {
    guard let whole = evidence.role(Role.engine.rawValue)?.profiles[.cpu], whole.isTime else {
      return nil
    }
    let slice = whole.of(operation: operation.rawValue)
    return slice.samples.isEmpty ? nil : slice
  }

  /// How much of all CPU it is, as evidence.
  static func item(
    _ evidence: Evidence, _ operation: OperationKind, _ commands: SourceCommand
  ) -> [EvidenceItem] {
    guard let slice = slice(evidence, operation),
      let part = evidence.partOfAllCPU(slice, where: { _ in true })
    else { return [] }
    return [
      EvidenceItem(
        "\(name: operation.rawValue) used \(Wording.seconds(slice.total)) of CPU, n = \(Wording.counted(slice.sampleCount, "sample")): \(Wording.percent(part.value)) of all CPU (95 %: \(Wording.interval(part.low, part.high)))",
        commands.top(slice))
    ]
  }
}
