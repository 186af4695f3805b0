import Basics

/// Which processes a process has started, as /proc lists them at this moment.
enum ProcessTree {
  static func descendants(of pid: Int32) -> [Int32] {
    var children: [Int32: [Int32]] = [:]
    for name in (try? FileSystem.list("/proc")) ?? [] {
      guard let child = Int32(name), let parent = parent(of: child) else { continue }
      children[parent, default: []].append(child)
    }
    var found: [Int32] = []
    var next = children[pid] ?? []
    while let child = next.popLast() {
      found.append(child)
      next += children[child] ?? []
    }
    return found.sorted()
  }

  /// The second field behind the name, which may hold anything.
  private static func parent(of pid: Int32) -> Int32? {
    guard let text = try? FileSystem.text(of: "/proc/\(pid)/stat"),
      let close = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: close)...].split(separator: " ")
    return fields.count > 1 ? Int32(fields[1]) : nil
  }
}
