import Basics

/// The kernel's function names, from /proc/kallsyms; nothing where it shows only zeros.
struct KernelSymbols: Sendable {
  /// Those of the running kernel, read once: there are two hundred thousand.
  static let running = KernelSymbols(
    text: (try? FileSystem.text(of: "/proc/kallsyms")) ?? "")

  private let addresses: [UInt64]
  private let names: [String]

  /// From lines of `address type name`; whoever may not see addresses is shown zeros.
  init(text: String) {
    var found: [(UInt64, String)] = []
    for line in text.split(separator: "\n") {
      let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard fields.count >= 3, let address = UInt64(fields[0], radix: 16), address != 0,
        fields[1] == "t" || fields[1] == "T" || fields[1] == "w" || fields[1] == "W"
      else { continue }
      found.append((address, String(fields[2])))
    }
    found.sort { $0.0 < $1.0 }
    addresses = found.map(\.0)
    names = found.map(\.1)
  }

  func name(at address: UInt64) -> String? {
    var (low, high) = (0, addresses.count)
    while low < high {
      let middle = (low + high) / 2
      if addresses[middle] <= address { low = middle + 1 } else { high = middle }
    }
    // Modules end somewhere; a megabyte past the last symbol is nobody's code.
    guard low > 0, address - addresses[low - 1] < 1 << 20 else { return nil }
    return names[low - 1]
  }
}
