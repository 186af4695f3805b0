import Basics
import Glibc

@_silgen_name("swift_demangle")
private func swiftDemangle(
  _ name: UnsafePointer<CChar>?, _ length: UInt, _ buffer: UnsafeMutablePointer<CChar>?,
  _ size: UnsafeMutablePointer<UInt>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?

/// The linker's names as people wrote them: Swift's by the Swift runtime, C++'s by its
/// own, Rust's by us.
package struct Demangler {
  private typealias CPlusPlus =
    @convention(c) (
      UnsafePointer<CChar>?, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<Int>?,
      UnsafeMutablePointer<Int32>?
    ) -> UnsafeMutablePointer<CChar>?

  private let library = SharedLibrary("libstdc++.so.6", "libc++abi.so.1")

  package init() {}

  /// The name for people; the same as the linker's where there is nothing to take apart.
  package func name(_ mangled: String) -> String {
    if mangled.hasPrefix("$s") || mangled.hasPrefix("$S") {
      return swift(mangled).map(SwiftName.short) ?? mangled
    }
    // Rust first: its older names pass for C++ with a hash.
    guard mangled.hasPrefix("_Z") || mangled.hasPrefix("_R"),
      let full = RustName.demangled(mangled) ?? cPlusPlus(mangled)
    else { return mangled }
    return TemplateName.short(full)
  }

  private func swift(_ mangled: String) -> String? {
    // SAFETY: the name is lent for the call; the answer is malloc'ed and freed once.
    guard let text = unsafe swiftDemangle(mangled, UInt(mangled.utf8.count), nil, nil, 0) else {
      return nil
    }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }

  private func cPlusPlus(_ mangled: String) -> String? {
    // SAFETY: the symbol has this type in every C++ runtime; the answer is freed once.
    guard let address = unsafe library?.symbol("__cxa_demangle") else { return nil }
    let demangle = unsafe unsafeBitCast(address, to: CPlusPlus.self)
    guard let text = unsafe demangle(mangled, nil, nil, nil) else { return nil }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }
}
