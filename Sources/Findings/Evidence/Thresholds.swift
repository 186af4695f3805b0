/// Every number a rule or a gate compares with, in one place.
///
/// None of them is a law of nature: they are proposals, taken from what comparable tools use where
/// such a precedent exists, and are meant to be calibrated. Shares are between 0 and 1.
package struct Thresholds: Sendable {
  // Quality of the profile.
  /// Fewer samples than this in a profile caps the confidence of what it says.
  var samplesForConfidence = 1_000
  /// Fewer than this in the stacks a rule looks at, and the rule is not evaluated.
  var samplesForAnyClaim = 100
  var lostWarn = 0.0
  var lostFail = 0.01
  var unnamedWarn = 0.05
  var unnamedFail = 0.20
  var truncatedWarn = 0.05
  var countedCPUWarn = 0.01
  var countedCPUFail = 0.05
  var windowOverlap = 0.95
  var recorderCPU = 0.05
  /// Of the CPU of the same work, surely.
  var watchingCost = 0.02
  // Quality of the run.
  var stealWarn = 0.005
  var otherProcessesCPU = 0.10
  var trialsForVerdict = 5
  var trialsForInterval = 3
  var driftBetweenTrials = 0.10
  var clientCPUShare = 0.10
  var generatorLagOfResponse = 0.10
  var littleLaw = 0.05
  var offeredMissed = 0.02
  var observationsBeyondPercentile = 10.0
  var toyRows = 1_000
  var toyRowsPerCandidate = 10
  var countsDisagree = 0.01
  // Where the time goes.
  var hotFunction = 0.15
  var flatProfile = 0.04
  var kernelShare = 0.20
  var systemCallShare = 0.03
  var pageFaults = 0.02
  package var lockWait = 0.05
  var readerLockWait = 0.03
  var workUnderLock = 0.05
  var lockFrames = 0.50
  /// Threads waiting for a lock on average below which shares of the delay say nothing.
  var anyLockWait = 0.01
  var loggingLock = 0.10
  var hotShard = 3.0
  /// Of the time under the function that gives a lock back, in syncs or writes.
  var heldAcross = 0.05
  var samplesUnderLock = 20
  var foregroundQueueWait = 0.05
  var runnable = 0.05
  /// Times a second of CPU that a thread is taken off its core.
  var involuntarySwitches = 200.0
  var sleeps = 0.05
  var downstream = 0.10
  /// Of the CPU, in making connections.
  var makingConnections = 0.01
  /// A closed loop has more workers than cores on purpose, up to so many for each core.
  var workersPerCore = 4.0
  var syncWait = 0.10
  var maintenanceStall = 0.05
  var distanceKernel = 0.40
  var smallBeam = 64
  /// Of all CPU, in the search for neighbors inside writes.
  var buildSearch = 0.10
  // Memory.
  var allocationsPerSearch = 8.0
  /// Bytes in use over those of vectors and links.
  var memoryAmplification = 1.5
  /// Allocated bytes over the growth of those in use.
  var heapChurn = 10.0
  /// Bytes a second below which nobody need care.
  var churnRate = 50_000_000.0
  // Input and output.
  var smallWrite = 4_096.0
  var writesPerOperation = 2.0
  var writeAmplification = 10.0
  var storedAmplification = 1.1
  var majorFaultsPerOperation = 0.01
  // Roles.
  /// Busy cores below which a role is called idle.
  var idleCores = 0.05
  /// Share of all CPU below which a role is called light.
  var lightRole = 0.10
  // What limits the run.
  var coresBusy = 0.85
  var waitLimits = 0.50
  // Recall.
  var recallFloor = 0.90
  var recallAmple = 0.995
  // Severity, from the low end of the bound on the gain.
  var critical = 0.25
  var high = 0.10
  var medium = 0.03
  var low = 0.01
  /// Half-width of an interval, relative to its value, up to which confidence is not low.
  var narrowInterval = 0.20
  var trialsForHighConfidence = 5

  package static let standard = Thresholds()
}
