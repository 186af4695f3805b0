import Basics
import ForeignProfiles
import RunRecords
import Vocabulary

/// Numbers without stacks by `perf stat`, heaptrack and `go test -bench`: shown, and compared.
enum ToolFile {
  /// The table in a file; nil when it is something else, such as a profile.
  static func table(_ path: String, role: Role? = nil) throws(Failure) -> ToolTable? {
    guard FileSystem.exists(path), !FileSystem.isDirectory(path) else { return nil }
    let bytes = try ForeignFile.bytes(path)
    do throws(ForeignError) {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return try ToolReport.read(bytes).map { ToolTableMaker.table($0, file: name, role: role) }
    } catch { throw Failure(.badInput, "\(path) \(error).") }
  }

  /// The file as a run of its own, to be compared with another; nil when it is no such file.
  static func run(_ path: String) throws(Failure) -> RunFolder? {
    guard let table = try table(path) else { return nil }
    return RunFolder(path: path, record: table.record, environment: nil, profileFiles: []) { file in
      throw Failure(.badInput, "\(path) has no profile \(file.relativePath).")
    }
  }

  /// What lies beside a run's profiles: `<role>_stat.txt`, `<role>_heaptrack.txt`, `bench.txt`.
  ///
  /// The content decides what a file is; the name says only whose it is. A file that cannot be
  /// read is left out and named in `problems`.
  static func beside(_ run: RunFolder) -> (tables: [ToolTable], problems: [String]) {
    var (tables, problems): ([ToolTable], [String]) = ([], [])
    for name in ((try? FileSystem.list(run.path)) ?? []).sorted() {
      guard let owned = Self.owner(of: name) else { continue }
      do throws(Failure) {
        if let table = try table("\(run.path)/\(name)", role: owned.role) { tables.append(table) }
      } catch { problems.append(error.sentence) }
    }
    return (tables, problems)
  }

  private struct Owned { let role: Role? }

  private static func owner(of name: String) -> Owned? {
    for ending in ["_stat.txt", "_stat.csv", "_stat.json", "_heaptrack.txt", "_bench.txt"]
    where name.hasSuffix(ending) && name.count > ending.count {
      return Owned(role: Role(rawValue: String(name.dropLast(ending.count))))
    }
    return name == "bench.txt" ? Owned(role: nil) : nil
  }
}
