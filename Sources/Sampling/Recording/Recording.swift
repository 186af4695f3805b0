package import Pprof
package import Vocabulary

/// What a recorder brings back: profiles by role, and how much they can be trusted.
package struct Recording: Sendable {
  package struct RecordedProfile: Sendable {
    package let role: Role
    package let kind: ProfileKind
    package let profile: Profile
  }

  package var profiles: [RecordedProfile]
  package var quality: RecordingQuality
  /// Every spell of every thread, when that was asked for.
  package var timeline: Timeline?
  package struct Unnamed: Sendable {
    package let file: UnnamedFile
    /// CPU samples that have a frame in it without a name.
    package let samples: Int
  }

  /// Files whose functions have no names here, those that cost most first.
  package var unnamed: [Unnamed] = []
  /// The profiles of the event that was named, by role.
  package var events: [(role: Role, profile: Profile)] = []
  /// The system calls, when those were asked for.
  package var calls: CallRecording?
}

/// Counts behind a recording; see the fields of the same names in a run's record.
package struct RecordingQuality: Sendable, Equatable {
  package var samples = 0
  package var sampledCPUSeconds = 0.0
  package var countedCPUSeconds = 0.0
  package var processCPUSeconds = 0.0
  package var lostRecords = 0
  package var throttledRecords = 0
  package var completeStacks = 0
  package var truncatedStacks = 0
  package var brokenStacks = 0
  package var userFrames = 0
  package var namedUserFrames = 0
  package var offsetOnlyUserFrames = 0
  package var recorderCPUSeconds = 0.0
  package var windowSeconds = 0.0
  /// Periods that passed without a sample of their own, because the host held the processor.
  package var missedPeriods = 0
  /// Times a thread left its core, and how many of them with the stack it left from.
  package var switches = 0
  package var switchesWithStack = 0
  /// Every how many switches one was recorded with its stack.
  package var switchPeriod = 1
  /// Records that came after younger ones had been used.
  package var lateRecords = 0
}

extension RecordingQuality {
  mutating func count(_ ending: StackUnwinder.Ending) {
    switch ending {
    case .complete: completeStacks += 1
    case .truncated: truncatedStacks += 1
    case .broken: brokenStacks += 1
    }
  }

  mutating func count(_ ledger: CPULedger) {
    samples = ledger.samples
    sampledCPUSeconds = Double(ledger.nanoseconds) / 1e9
    missedPeriods = ledger.missedPeriods
  }

  mutating func count(_ frames: ProfileAssembler.FrameCounts) {
    userFrames = frames.all
    namedUserFrames = frames.named
    offsetOnlyUserFrames = frames.offsetOnly
  }
}
