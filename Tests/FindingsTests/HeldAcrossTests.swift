import Findings
import Pprof
import RunRecords
import SyntheticRuns
import Testing
import Vocabulary

/// A lock that is held across a sync: told only where lines prove it, and said to be so otherwise.
@Suite struct HeldAcrossTests {
  private static let fsync =
    "os.(*File).Sync;internal/poll.(*FD).Fsync;syscall.Fsync;syscall.Syscall"

  /// A store whose `write` takes its lock in line 10 and gives it back in line 30; `sync` is the line
  /// of the call, nil where no profile has lines.
  private func run(sync: Int64?, syncing: Int = 60) -> SyntheticRun {
    func at(_ line: Int64) -> [Int64] { sync == nil ? [] : [0, line] }
    var run = SyntheticRun()
    run.record = nil
    run.environment = nil
    let write = "net/http.HandlerFunc.ServeHTTP;main.(*store).write"
    run.profile("db", .mutex, .init("\(write);sync.(*Mutex).Unlock", 3_000, lines: at(30)))
    run.profile("db", .block, .init("\(write);sync.(*Mutex).Lock", 9_000, lines: at(10)))
    run.profile(
      "db", .cpu, .init("\(write);\(Self.fsync)", syncing, lines: at(sync ?? 0)),
      .init("\(write);main.checksum", 100 - syncing), .init("main.idle", 900))
    return run
  }

  @Test func `a sync between taking and giving back is the cause, with its share`() throws {
    let report = try run(sync: 20).report()
    let lock = try #require(report.fired("L1").first)
    #expect(lock.title.plain.hasSuffix("; it is held across fsync"))
    let proof = try #require(lock.evidence.first { $0.statement.plain.hasPrefix("Held across") })
    #expect(proof.statement.plain.contains("of the CPU under main.(*store).write is in it (100 "))
    #expect(proof.statement.plain.contains("how long it blocks there is in no profile"))
    #expect(
      proof.statement.plain.contains(
        "takes the lock in line 10, comes to fsync from line 20 and gives the lock back in line 30")
    )
  }

  @Test func `the first fix takes the sync out of the lock, and says what that risks`() throws {
    let report = try run(sync: 20).report()
    let fix = try #require(report.fired("L1").first?.recommendations.first)
    #expect(fix.action.hasPrefix("Take the sync out of the lock"))
    #expect(fix.risk.contains("lost in a crash"))
    let after = try #require(try run(sync: 40).report().fired("L1").first?.recommendations.first)
    #expect(!after.action.contains("sync"))
  }

  @Test func `work that is proven to hold a lock is not called clean`() throws {
    #expect(try !run(sync: 20).report().isClean("L3"))
    #expect(try run(sync: 40).report().isClean("L3"))
  }

  @Test func `a sync whose waits were recorded is told by its time`() throws {
    var run = run(sync: 20)
    run.files[1].stacks.append(
      .init(
        "net/http.HandlerFunc.ServeHTTP;main.(*store).write;\(Self.fsync)", 900, lines: [0, 20]))
    let lock = try #require(try run.report().fired("L1").first)
    let proof = try #require(lock.evidence.first { $0.statement.plain.hasPrefix("Held across") })
    #expect(proof.statement.plain.contains("of the time seen under main.(*store).write"))
    #expect(!proof.statement.plain.contains("in no profile"))
  }

  @Test func `the finding about the sync is told by the lock's`() throws {
    let report = try run(sync: 20).report()
    let head = try #require(report.findings.first { $0.rule == "L1" })
    #expect((head.joined ?? []).contains { $0.finding.rule == "K2" })
    #expect(!report.findings.contains { $0.rule == "K2" })
  }

  @Test func `a sync after the lock was given back is not held against it`() throws {
    let report = try run(sync: 40).report()
    let lock = try #require(report.fired("L1").first)
    #expect(!lock.evidence.contains { $0.statement.plain.contains("eld across") })
    #expect(report.findings.contains { $0.rule == "K2" })
  }

  @Test func `without lines it cannot be told, and is no cause`() throws {
    let report = try run(sync: nil).report()
    let lock = try #require(report.fired("L1").first)
    #expect(!lock.title.plain.contains("across"))
    let guess = try #require(
      lock.evidence.first { $0.statement.plain.hasPrefix("Perhaps held across fsync") })
    #expect(guess.statement.plain.contains("cannot be told"))
  }

  @Test func `few samples of a sync say nothing`() throws {
    let report = try run(sync: 20, syncing: 3).report()
    let lock = try #require(report.fired("L1").first)
    #expect(!lock.evidence.contains { $0.statement.plain.contains("eld across") })
  }
}
