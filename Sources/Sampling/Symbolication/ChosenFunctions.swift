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
    guard let memory = try? File("/proc/\(pid)/mem", .read) else {
      self.init()
      return
    }
    let images = cache.images(in: space)
    let choosers = images.reduce(into: Set<String>()) { $0.formUnion($1.image.choosers) }
    var names: [UInt64: String] = [:]
    for (image, bias) in images {
      for slot in image.slots where choosers.contains(slot.name) {
        guard let place = Int(exactly: slot.address &+ bias),
          let bytes = try? memory.read(at: place, count: 8), bytes.count == 8
        else { continue }
        let target = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // A function that was never called yet still points to the stub that will look for it.
        guard let region = space.region(containing: target),
          cache.image(region.path)?.choosers.contains(slot.name) == true
        else { continue }
        // One variant may serve two functions; it gets the shorter name.
        let known = names[target]
        if known.map({ ($0.count, $0) > (slot.name.count, slot.name) }) ?? true {
          names[target] = slot.name
        }
      }
    }
    self.init(names)
  }

  var isEmpty: Bool { names.isEmpty }
  var byAddress: [UInt64: String] { names }

  /// The name of the function that begins at an address of the process.
  func name(at start: UInt64) -> String? { names[start] }
}
