import Sampling
import Testing
import Vocabulary

/// Recordings of a program that knows what it did.
@Suite(.serialized, .enabled(if: VictimRecording.isPossible, "kernel events are refused here"))
struct TruthTests {
  @Test func `a split of seventy to thirty inside one function is found by operation`() throws {
    let victim = try VictimRecording("split")
    let search = Double(victim.nanoseconds(.cpu, LabelKey.operation, "search"))
    let insert = Double(victim.nanoseconds(.cpu, LabelKey.operation, "insert"))
    let truth = Double(victim.truth["search"] ?? 0)
    let whole = truth + Double(victim.truth["insert"] ?? 0)
    #expect(abs(search / (search + insert) - truth / whole) < 0.015)
    let stolen = stolenShare(victim, of: whole)
    #expect((search + insert) / whole > 0.97)
    #expect((search + insert) / whole < 1.03 + stolen, "the host took \(stolen)")
    let quality = victim.recording.quality
    #expect(abs(quality.sampledCPUSeconds / quality.countedCPUSeconds - 1) < 0.01)
    #expect(quality.lostRecords == 0)
    #expect(Double(quality.completeStacks) >= 0.995 * Double(quality.samples))
    // What a stripped C library does not name is counted apart.
    let nameable = quality.userFrames - quality.offsetOnlyUserFrames
    #expect(Double(quality.namedUserFrames) >= 0.98 * Double(nameable))
  }

  @Test func `threads that are born during the recording are in it`() throws {
    let victim = try VictimRecording("births")
    let found = Double(victim.nanoseconds(.cpu, under: "burn"))
    let truth = Double(victim.truth["burn"] ?? 0)
    let stolen = stolenShare(victim, of: truth)
    #expect(found / truth > 0.98)
    #expect(found / truth < 1.02 + stolen, "the host took \(stolen)")
  }

  /// What the host takes away counts in the kernel's clock of the processor, and not in a thread's.
  private func stolenShare(_ victim: VictimRecording, of work: Double) -> Double {
    victim.stolenSeconds * 1e9 / work
  }

  @Test(arguments: [("sleep", "sleep"), ("pipe", "pipe"), ("condition", "condition")])
  func `waits have the length and the class that they really had`(
    mode: String, waitClass: String
  ) throws {
    let victim = try VictimRecording(mode)
    let truth = Double(victim.truth[mode] ?? 0)
    // On a busy machine a part of the time is the wait for a core, and a little is CPU.
    func waited(_ waitClass: String?) -> Double {
      Double(victim.nanoseconds(.block, under: "Waiting.timed", waitClass: waitClass))
    }
    let cpu = Double(victim.nanoseconds(.cpu, under: "Waiting.timed"))
    #expect(abs(waited(nil) + cpu - truth) < max(0.01 * truth, 2_000_000))
    let core = waited("runnable") + waited("preempted")
    #expect(waited(waitClass) + core >= 0.98 * waited(nil))
    #expect(waited(waitClass) > 0)
  }

  @Test func `a lock is charged to the one who held it, for as long as the other one waited`()
    throws
  {
    let victim = try VictimRecording("lock")
    let truth = Double(victim.truth["lock"] ?? 0)
    let charged = Double(victim.nanoseconds(.mutex, under: "holdLock"))
    #expect(abs(charged / truth - 1) < 0.02)
    #expect(victim.nanoseconds(.mutex, under: "wantLock") == 0)
    // Given the lock, a thread may still wait for a core.
    let waited =
      victim.nanoseconds(.block, under: "wantLock", waitClass: "lock")
      + victim.nanoseconds(.block, under: "wantLock", waitClass: "runnable")
    #expect(abs(Double(waited) / truth - 1) < 0.02)
  }
}
