import Glibc

/// A library looked for at run time: used when it is there, missed in one sentence when it is not.
///
/// It is never unloaded, because functions taken from it may be on somebody's stack.
@safe package struct SharedLibrary: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer
  package let name: String

  /// Opens the first of these names that loads; nil when none does.
  package init?(_ names: String...) {
    for name in names {
      // SAFETY: dlopen answers nil or a handle; RTLD_LOCAL keeps its symbols out of our way.
      if let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) {
        unsafe self.handle = handle
        self.name = name
        return
      }
    }
    return nil
  }

  /// The address of a function that some library of this process has; nil when none does.
  package static func symbolOfThisProcess(_ name: String) -> UnsafeMutableRawPointer? {
    // SAFETY: a nil handle asks for all that is loaded.
    unsafe dlsym(nil, name)
  }

  /// The address of a function; the caller gives it the type that its header declares.
  package func symbol(_ name: String) -> UnsafeMutableRawPointer? {
    // SAFETY: the handle came from dlopen and is never closed.
    unsafe dlsym(handle, name)
  }
}
