import Glibc

/// A system call that failed: which one, on what, and why.
package struct SystemError: Error, Equatable, CustomStringConvertible {
  package let call: String
  package let subject: String
  package let code: Int32

  package init(_ call: String, _ subject: String, code: Int32 = errno) {
    self.call = call
    self.subject = subject
    self.code = code
  }

  package var reason: String { Self.text(of: code) }

  package var description: String { "\(call) \(subject): \(reason)" }

  package static func text(of code: Int32) -> String {
    // SAFETY: strerror returns a string that stays valid until this thread asks again.
    unsafe String(cString: strerror(code))
  }

  package static let outOfMemory: Int32 = ENOMEM

  package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
  package var isMissing: Bool { code == ENOENT }
  package var isInvalid: Bool { code == EINVAL }
  package var isPermission: Bool { code == EACCES || code == EPERM }
}

/// Runs a call that answers −1 and errno, again when a signal interrupted it.
package func retrying<Result: SignedInteger>(
  _ call: String, _ subject: @autoclosure () -> String, _ body: () -> Result
) throws(SystemError) -> Result {
  while true {
    let result = body()
    if result != -1 { return result }
    if errno != EINTR { throw SystemError(call, subject()) }
  }
}
