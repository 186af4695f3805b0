import Foundation
import TestSupport
import Testing

/// `vbench doctor --diagnosis` as a user types it, with the plants that a debug build can grow.
///
/// The others are faults of Swift's runtime, which a debug build commits everywhere.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil && Watching.isAllowed))
struct DiagnosisTests {
  private struct Score: Decodable {
    let plants: [Plant]
    let controls: [Control]
    let score: Counts

    struct Plant: Decodable {
      let plant, verdict: String
      let reason: String?
      let truth, seen: Double?
      let nearMiss, blind: Twin?
    }

    struct Twin: Decodable {
      let outcome: String
      let reason: String?
    }

    struct Control: Decodable {
      let control, verdict: String
      let reason: String?
    }

    struct Counts: Decodable { let found, tried, falseAlarms, skipped: Int }
  }

  private func diagnose(_ names: [String]) throws -> (score: Score, status: Int32) {
    let folder = try TemporaryDirectory("diagnosis")
    // Debug builds sample themselves as well as others do; what fails by chance fails once.
    let run = try BuiltProgram.run(
      ["doctor", "--diagnosis", "--json", "--times", "3", "--only", names.joined(separator: ",")],
      in: folder.path)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(left == [], "the work folder is removed")
    return (try JSONDecoder().decode(Score.self, from: Data(run.output.utf8)), run.status)
  }

  @Test func `faults of the C library and the kernel are found, their twins are not`() throws {
    let names = ["copy", "clock", "read", "madvise"]
    let (score, status) = try diagnose(names)
    #expect(score.plants.map(\.plant) == names)
    for plant in score.plants {
      #expect(plant.verdict == "found", "\(plant.plant): \(plant.reason ?? "")")
      #expect(plant.nearMiss?.outcome == "found", "\(plant.plant): \(plant.nearMiss?.reason ?? "")")
      #expect(plant.blind?.outcome == "found", "\(plant.plant): \(plant.blind?.reason ?? "")")
      #expect(abs((plant.seen ?? 1) - (plant.truth ?? 0)) <= 0.03)
    }
    #expect(status == 0)
  }

  @Test func `locks are found by their delay, and a sleep is no fault`() throws {
    let (score, _) = try diagnose(["lock", "idle"])
    for plant in score.plants {
      #expect(plant.verdict == "found", "\(plant.plant): \(plant.reason ?? "")")
      // On a busy machine who has the lock loses its core, and what is to be small grows.
      let twin = plant.nearMiss?.outcome ?? "found"
      #expect(
        ["found", "cannot tell"].contains(twin), "\(plant.plant): \(plant.nearMiss?.reason ?? "")")
    }
  }

  @Test func `a program that only computes has nothing above medium`() throws {
    let (score, status) = try diagnose(["clean-c"])
    #expect(score.plants.isEmpty && score.controls.count == 1)
    #expect(["clean", "skipped"].contains(score.controls[0].verdict))
    #expect(status == 0)
  }

  @Test func `a name that no plant has is a mistake of the user`() throws {
    let folder = try TemporaryDirectory("diagnosis")
    let run = try BuiltProgram.run(["doctor", "--diagnosis", "--only", "copi"], in: folder.path)
    #expect(run.status == 64)
    #expect(run.errors.contains("There is no plant `copi`"))
    #expect(run.errors.contains("copy"))
    let alone = try BuiltProgram.run(["doctor", "--times", "3"], in: folder.path)
    #expect(alone.status == 64)
  }
}
