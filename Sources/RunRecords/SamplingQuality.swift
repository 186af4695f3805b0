/// What the sampler saw and what it missed, in counts that add up over trials.
package struct SamplingQuality: Codable, Sendable, Equatable {
  package var samples = 0
  /// CPU seconds the samples stand for, and what the kernel counted over the same window.
  package var sampledCPUSeconds = 0.0
  package var countedCPUSeconds = 0.0
  /// What the process was charged with: what was counted, and the switching between threads, in
  /// which the kernel lets nobody look.
  package var processCPUSeconds = 0.0
  package var lostRecords = 0
  /// Periods that passed without a sample of their own, because the host held the processor.
  package var missedPeriods = 0
  package var throttledRecords = 0
  package var completeStacks = 0
  /// Deeper than the stack copy.
  package var truncatedStacks = 0
  /// Broken off for any other reason.
  package var brokenStacks = 0
  package var userFrames = 0
  package var namedUserFrames = 0
  /// Known only as library+offset.
  ///
  /// `userFrames` = named + offset-only + unknown.
  package var offsetOnlyUserFrames = 0
  /// CPU of the recording process (or thread) itself.
  package var recorderCPUSeconds = 0.0
  package var windowSeconds = 0.0
  package var switches = 0
  package var switchesWithStack = 0

  package init() {}

  package static func += (left: inout SamplingQuality, right: SamplingQuality) {
    left.samples += right.samples
    left.sampledCPUSeconds += right.sampledCPUSeconds
    left.countedCPUSeconds += right.countedCPUSeconds
    left.processCPUSeconds += right.processCPUSeconds
    left.lostRecords += right.lostRecords
    left.missedPeriods += right.missedPeriods
    left.throttledRecords += right.throttledRecords
    left.completeStacks += right.completeStacks
    left.truncatedStacks += right.truncatedStacks
    left.brokenStacks += right.brokenStacks
    left.userFrames += right.userFrames
    left.namedUserFrames += right.namedUserFrames
    left.offsetOnlyUserFrames += right.offsetOnlyUserFrames
    left.recorderCPUSeconds += right.recorderCPUSeconds
    left.windowSeconds += right.windowSeconds
    left.switches += right.switches
    left.switchesWithStack += right.switchesWithStack
  }
}
