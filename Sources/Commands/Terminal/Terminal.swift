import Basics
import Glibc

/// Where words go: results to standard output, everything else to standard error.
enum Terminal {
  /// Whether a person is likely to watch standard error right now.
  static var isInteractive: Bool {
    isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb"
  }

  static var width: Int {
    var size = winsize()
    // SAFETY: the kernel fills one winsize, a local.
    if unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return variable("COLUMNS").flatMap { Int($0) } ?? 100
  }

  /// Prints a result.
  ///
  /// A reader that has gone away (`| head`) is no error: we stop quietly.
  static func print(_ text: String) throws { try print(Array(text.utf8)) }

  static func print(_ bytes: [UInt8]) throws { try write(bytes, to: STDOUT_FILENO) }

  /// Says something beside the result.
  static func note(_ text: String) { try? write(Array((text + "\n").utf8), to: STDERR_FILENO) }

  static func variable(_ name: String) -> String? {
    // SAFETY: getenv answers nil or a string; nothing in this program changes the environment.
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Whether to color what goes to this descriptor, by the flag and the customs of terminals.
  static func colors(_ flag: String?, on descriptor: Int32 = STDOUT_FILENO) -> Bool {
    switch flag {
    case "always": return true
    case "never": return false
    default: break
    }
    if let value = variable("NO_COLOR"), !value.isEmpty { return false }
    if let value = variable("CLICOLOR_FORCE"), !value.isEmpty, value != "0" { return true }
    return isatty(descriptor) == 1 && variable("TERM") != "dumb"
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    var done = 0
    while done < bytes.count {
      // SAFETY: the slice of the array that is left is borrowed for the call.
      let count = unsafe bytes[done...].withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { throw ClosedPipe() }
        throw Failure(.failed, "Cannot write the result: \(SystemError.text(of: errno)).")
      }
      done += count
    }
  }

  /// The reader of our output has gone away.
  struct ClosedPipe: Error {}
}
