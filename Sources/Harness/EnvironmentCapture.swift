import Basics
package import RunRecords

/// Reads the machine's description from where Linux keeps it; what is not there stays unknown.
package enum EnvironmentCapture {
  package static func record(storeFolder: String, toolVersion: String) -> EnvironmentRecord {
    let processor = text("/proc/cpuinfo")
    let flags = Set(value("flags", in: processor).split(separator: " ").map(String.init))
    let sets = ["sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_vnni", "asimd"]
    var record = EnvironmentRecord(toolVersion: toolVersion)
    record.processor =
      value("model name", in: processor).isEmpty
      ? nil : value("model name", in: processor)
    record.cores = processor.split(separator: "\n").filter { $0.hasPrefix("processor") }.count
    record.instructionSets = sets.filter(flags.contains)
    record.memoryBytes = (UInt64(digits(value("MemTotal", in: text("/proc/meminfo")))) ?? 0) * 1_024
    record.kernel = line("/proc/sys/kernel/osrelease") ?? ""
    record.distribution = text("/etc/os-release").split(separator: "\n")
      .first { $0.hasPrefix("PRETTY_NAME=") }.map { $0.dropFirst(12).filter { $0 != "\"" } }
    record.hypervisor = flags.isEmpty ? nil : flags.contains("hypervisor")
    record.frequencyGovernor = line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
    record.perfEventParanoid = line("/proc/sys/kernel/perf_event_paranoid").flatMap { Int($0) }
    record.kernelPointersRestricted = line("/proc/sys/kernel/kptr_restrict").flatMap { Int($0) }
    record.user = digits(value("Uid", in: text("/proc/self/status"))) == "0" ? "root" : "ordinary"
    let mount = Mount.holding(storeFolder)
    record.fileSystem = mount?.type
    record.storeDevice = mount?.deviceName
    record.container =
      FileSystem.exists("/.dockerenv") || FileSystem.exists("/run/.containerenv")
    record.limits = limits()
    record.compiler = compiler
    record.buildMode = buildMode
    record.unknown = unknown(record)
    return record
  }

  private static var buildMode: String {
    var isDebug = false
    // An assertion's argument runs in debug builds only.
    assert(
      {
        isDebug = true; return true
      }())
    return isDebug ? "debug" : "release"
  }

  private static var compiler: String {
    #if compiler(>=6.4)
      "Swift 6.4 or newer"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2"
    #endif
  }

  private static func unknown(_ record: EnvironmentRecord) -> [String] {
    var list: [String] = []
    if record.processor == nil { list.append("processor model") }
    if record.frequencyGovernor == nil { list.append("frequency governor") }
    if record.fileSystem == nil { list.append("file system of the store") }
    return list
  }

  private static func limits() -> [String: String] {
    var found: [String: String] = [:]
    for row in text("/proc/self/limits").split(separator: "\n") {
      for name in ["Max open files", "Max locked memory", "Max processes"] where row.hasPrefix(name)
      {
        found[name] = row.dropFirst(name.count).split(separator: " ").first.map(String.init)
      }
    }
    return found
  }

  private static func text(_ path: String) -> String { (try? FileSystem.text(of: path)) ?? "" }

  private static func line(_ path: String) -> String? {
    text(path).split(separator: "\n").first.map(String.init)
  }

  /// What stands behind `key:` in the first line that begins with it.
  private static func value(_ key: String, in text: String) -> String {
    guard let row = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }),
      let colon = row.firstIndex(of: ":")
    else { return "" }
    return row[row.index(after: colon)...].trimmingPrefix { $0 == " " || $0 == "\t" }
      .description
  }

  private static func digits(_ text: String) -> String { String(text.prefix { $0.isNumber }) }
}
