/// The gate of a measured phase, which lets the target know as well.
struct MeasuredGate: TrialGate {
  let watcher: any TrialGate
  let target: any Target

  func measurementWillBegin() {
    watcher.measurementWillBegin()
    target.measurementBegins()
  }

  func measurementDidEnd() { watcher.measurementDidEnd() }
}
