import Basics

/// Tells the heap library, when this process was given it, which part of the work is measured.
enum HeapWindow {
  static func begin() { call("vbench_heap_begin") }

  static func end() { call("vbench_heap_end") }

  private static func call(_ name: String) {
    guard let address = unsafe SharedLibrary.symbolOfThisProcess(name) else { return }
    // SAFETY: the library exports both as functions without arguments.
    unsafe unsafeBitCast(address, to: (@convention(c) () -> Void).self)()
  }
}
