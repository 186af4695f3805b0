import Measurement
import Pprof
import RunRecords
import Sampling
import Vocabulary

/// What an operation allocates: estimates from the samples of the heap, one for each trial.
enum HeapResults {
  static func of(
    _ heaps: [[Recording.RecordedProfile]], _ trials: [RunRecord.Trial]
  ) -> [RunRecord.Result] {
    guard !heaps.isEmpty else { return [] }
    return [OperationKind.search, .insert, .delete].flatMap { operation -> [RunRecord.Result] in
      [
        result("allocations.per.\(operation.rawValue)", .count, "alloc_objects", operation),
        result("allocated.per.\(operation.rawValue)", .bytes, "alloc_space", operation),
      ].compactMap(\.self)
    }

    func result(
      _ name: String, _ unit: MetricUnit, _ type: String, _ operation: OperationKind
    ) -> RunRecord.Result? {
      let values = zip(heaps, trials).compactMap { profiles, trial -> Double? in
        guard let count = trial.operations[operation.rawValue], count > 0 else { return nil }
        return sum(profiles, type, operation) / Double(count)
      }
      guard !values.isEmpty else { return nil }
      return RunRecord.Result(
        name: name, unit: unit, direction: .lowerIsBetter, operation: operation,
        estimate: Estimate.mean(ofTrials: values), trials: values)
    }
  }

  private static func sum(
    _ profiles: [Recording.RecordedProfile], _ type: String, _ operation: OperationKind
  ) -> Double {
    profiles.reduce(0.0) { sum, recorded in
      guard recorded.role == .engine,
        let place = recorded.profile.sampleTypes.firstIndex(where: { $0.type == type })
      else { return sum }
      let samples = recorded.profile.samples.filter {
        $0.label(LabelKey.operation) == operation.rawValue
      }
      return sum + samples.reduce(0.0) { $0 + Double($1.values[place]) }
    }
  }
}
