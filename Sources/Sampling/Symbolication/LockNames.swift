import Basics
import CSelfSampler

/// What the locks of a process are called, by their place in its memory.
///
/// A lock that is a variable has the variable's name. Our own locks list themselves in a table that
/// is read from outside; any program could have one. Others are only an address.
final class LockNames {
  private let listed: [UInt64: String]
  private let space: AddressSpace
  private let cache: ImageCache
  private var variables: [String: [ElfFile.Symbol]] = [:]
  private let demangler = Demangler()

  /// Reads the table while the process lives; nothing where its memory may not be read.
  init(pid: Int32, _ space: AddressSpace, _ cache: ImageCache) {
    self.space = space
    self.cache = cache
    listed = Self.table(pid, space, cache)
  }

  func name(at address: UInt64) -> String {
    listed[address] ?? variable(at: address) ?? "0x" + String(address, radix: 16)
  }

  // MARK: - Variables

  private func variable(at address: UInt64) -> String? {
    for (image, bias) in cache.images(in: space) {
      guard let symbol = Self.symbol(at: address &- bias, in: variables(of: image.path)) else {
        continue
      }
      let offset = address &- bias &- symbol.address
      let name = demangler.name(symbol.name)
      return offset == 0 ? name : "\(name)+0x\(String(offset, radix: 16))"
    }
    return nil
  }

  private func variables(of path: String) -> [ElfFile.Symbol] {
    if let known = variables[path] { return known }
    let found = Self.variables(of: path)
    variables[path] = found
    return found
  }

  private static func variables(of path: String) -> [ElfFile.Symbol] {
    guard let file = try? File(path, .read), let reader = ElfReader(descriptor: file.descriptor)
    else { return [] }
    return reader.variables().sorted { ($0.address, $0.name) < ($1.address, $1.name) }
  }

  private static func symbol(at address: UInt64, in list: [ElfFile.Symbol]) -> ElfFile.Symbol? {
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if list[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, address - list[low - 1].address < list[low - 1].size else { return nil }
    return list[low - 1]
  }

  // MARK: - The table

  private static func table(
    _ pid: Int32, _ space: AddressSpace, _ cache: ImageCache
  ) -> [UInt64: String] {
    guard let memory = try? File("/proc/\(pid)/mem", .read) else { return [:] }
    for (image, bias) in cache.images(in: space) where image.knowsLocks {
      guard
        let table = variables(of: image.path).first(where: { $0.name == "vb_lock_names" })
      else { continue }
      return names(memory, table.address &+ bias)
    }
    return [:]
  }

  private static func names(_ memory: borrowing File, _ table: UInt64) -> [UInt64: String] {
    // An address and a pointer to a name, of eight bytes each.
    let entry = 16
    let size = entry * Int(vb_lock_names_capacity)
    guard let place = Int(exactly: table), let bytes = try? memory.read(at: place, count: size)
    else { return [:] }
    var names: [UInt64: String] = [:]
    var reader = ByteReader(bytes)
    while let address: UInt64 = try? reader.integer(), let text: UInt64 = try? reader.integer() {
      guard address != 0, text != 0, let place = Int(exactly: text),
        let letters = try? memory.read(at: place, count: 64)
      else { continue }
      names[address] = String(decoding: letters.prefix { $0 != 0 }, as: UTF8.self)
    }
    return names
  }
}
