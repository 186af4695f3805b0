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
}

/// Counts behind a recording; see the fields of the same names in a run's record.
package struct RecordingQuality: Sendable, Equatable {
  package var samples = 0
  package var sampledCPUSeconds = 0.0
  package var countedCPUSeconds = 0.0
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
}
