import Basics

/// The variants of `memcpy` and the like that the loader chose for a process, by their address.
///
/// A stripped C library exports only the function that chooses; which variant it chose stands in
/// the memory of the process. Without this, half of what a library does would be an offset.
struct ChosenFunctions: Sendable {
  private let names: [UInt64: String]

  init(_ names: [UInt64: String] = [:]) { self.names = names }

  /// Reads them while the process lives; nothing where its memory may not be read.
  init(pid: Int32, _ space: AddressSpace, _ cache: ImageCache) {
    var names: [UInt64: String] = [:]
    let memory = try? File("/proc/\(pid)/mem", .read)
    var seen: Set<String> = []
    for region in space.regions where seen.insert(region.path).inserted {
      guard let image = cache.image(region.path),
        let own = image.address(of: region.start, in: region)
      else { continue }
      let bias = region.start &- own
      for slot in image.chosenSlots {
        guard let place = Int(exactly: slot.address &+ bias),
          let bytes = try? memory?.read(at: place, count: 8), bytes.count == 8
        else { continue }
        let target = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let known = names[target]
        if known.map({ ($0.count, $0) > (slot.name.count, slot.name) }) ?? true {
          names[target] = slot.name
        }
      }
    }
    self.names = names
  }

  var isEmpty: Bool { names.isEmpty }
  var byAddress: [UInt64: String] { names }

  /// The name of the function that begins at an address of the process.
  func name(at start: UInt64) -> String? { names[start] }
}
