import Measurement
import Workloads

/// What a trial keeps from phase to phase.
struct TrialBook {
  let keys: KeySpace
  /// From here on no number of a vector is taken.
  var freeNumber: UInt64
  var lives = LifeBook()
  var observations: [RecallScorer.Observation] = []
  /// Searches of a set that rests, before the first write and after the last.
  var before: [RecallScorer.Observation] = []
  var after: [RecallScorer.Observation] = []
  var lags: [SearchableLag.Sample] = []
  /// Of the log, in the measured phase.
  var syncTimes: LatencyHistogram?
  var measured: WorkerLog?
  var missed: [WorkerLog.Missed] = []

  init(_ settings: WorkloadSettings) {
    keys = KeySpace(settings)
    freeNumber = UInt64(settings.dataset.rows)
  }
}
