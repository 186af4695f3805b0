import Basics
import Measurement
import RunRecords

/// The build of vbench that carries out an arm's load and trials; usually the one that is running.
struct MeasuredProgram: Sendable, Equatable {
  let path: String
  /// Names the bytes of a program that is not ours; nil for our own.
  let checksum: UInt32?

  static let own = MeasuredProgram(path: OwnProgram.path, checksum: nil)

  private init(path: String, checksum: UInt32?) {
    self.path = path
    self.checksum = checksum
  }

  /// Another build of vbench.
  init(at path: String, flag: String) throws(Failure) {
    guard let real = RealPath.of(path), !FileSystem.isDirectory(real),
      let bytes = try? FileSystem.contents(of: real)
    else { throw Failure(.badInput, "\(flag) \(path) is no program that can be read.") }
    guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
      throw Failure(.badInput, "\(flag) \(path) is no program for this system (no ELF file).")
    }
    self.init(path: real, checksum: CRC32C.of(bytes))
  }

  /// What a record says about it: enough to tell two builds apart, and no path of this machine.
  var setting: RunRecord.Setting? {
    checksum.map {
      RunRecord.Setting(
        name: "program", value: "crc32c:\(String($0, radix: 16))", source: .flag)
    }
  }

  /// Where one arm's program is not ours, all arms say which theirs is.
  static func name(_ arms: [Arm]) throws(Failure) {
    guard arms.contains(where: { $0.program != .own }) else { return }
    let ours = try MeasuredProgram(at: OwnProgram.path, flag: "The program").setting
    for arm in arms where arm.program == .own { arm.facts += [ours].compactMap(\.self) }
  }
}
