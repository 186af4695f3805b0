import Basics
import Harness
import Measurement

/// The folder whose disk is asked, and whether that makes sense there.
struct DiskPlace {
  let path: String
  let mount: Mount
  let device: BlockDevice?
  let freeBytes: Int

  /// A folder that somebody named must be there; that of the runs is made as a run would make it.
  init(_ path: String, isNamed: Bool) throws {
    self.path = path
    do throws(SystemError) {
      if !isNamed { try FileSystem.makeDirectory(path) }
      freeBytes = try Self.freeBytes(path)
    } catch { throw Self.failure(error, path) }
    if !FileSystem.isDirectory(path) {
      throw Failure(.badInput, "\(path) is no folder; name the folder in which to measure.")
    }
    guard let mount = Mount.holding(path) else {
      throw Failure(.failed, "/proc/self/mountinfo does not say on what \(path) lies.")
    }
    self.mount = mount
    device = BlockDevice(of: mount)
    if mount.isMemory {
      throw Failure(
        .failed,
        "\(path) lies on \(mount.type): there is no disk behind it, and a sync is free there; "
          + "name a folder on a disk, as in `vbench doctor --disk /var/tmp`.")
    }
    if device == nil, freeBytes == 0 {
      throw Failure(
        .failed, "\(path) lies on \(mount.type), which takes no files; name a folder on a disk.")
    }
  }

  private static func freeBytes(_ path: String) throws(SystemError) -> Int {
    try FileSystem.freeBytes(at: path)
  }

  func check(room plan: DiskMeasurement.Plan) throws {
    guard freeBytes < plan.bytesNeeded else { return }
    throw Failure(
      .failed,
      "\(path) has \(NumberText.bytes(Double(freeBytes))) free and the measurement needs "
        + "\(NumberText.bytes(Double(plan.bytesNeeded))); make room or name another folder.")
  }

  func workFolder() throws -> WorkFolder {
    do { return try WorkFolder(beside: path) } catch let error as SystemError {
      throw failure(error)
    }
  }

  func failure(_ error: SystemError) -> Failure { Self.failure(error, path) }

  private static func failure(_ error: SystemError, _ path: String) -> Failure {
    if error.isDiskFull {
      return Failure(
        .failed, "The disk behind \(path) became full while it was measured; make room first.")
    }
    if error.isMissing, !FileSystem.exists(path) {
      return Failure(.badInput, "There is no folder \(path); name the folder in which to measure.")
    }
    return Failure(
      .failed, "Nothing can be measured in \(path) (\(error)); name a folder you may write to.")
  }

  func announcement(of plan: DiskMeasurement.Plan) -> String {
    "Asking the disk behind \(path) (\(mount.deviceName), \(mount.type)) for about "
      + "\(NumberText.duration(plan.seconds)) in \(plan.rounds) rounds, with files of at most "
      + "\(NumberText.bytes(Double(plan.bytesNeeded))) together; nothing is left behind."
  }

  /// What a reader must know before he believes a number.
  var notes: [String] {
    var notes = [
      "What the disk itself or a hypervisor keeps in memory cannot be dropped from here, so reads "
        + "may be flattered."
    ]
    if device == nil {
      notes.append(
        "\(mount.type) has no block device of its own: this is what it offers, not what a disk does."
      )
    }
    if mount.options.contains("volatile") || mount.options.contains("nobarrier") {
      notes.append("It is mounted so that a sync need not reach the disk.")
    }
    if mount.deviceName.hasPrefix("loop") {
      notes.append("It is a file that is mounted: the file system below is measured as well.")
    }
    if ["zram", "ram", "pmem"].contains(where: mount.deviceName.hasPrefix) {
      notes.append("The device is memory.")
    }
    return notes
  }
}
