/// Names for what system calls answer when they fail.
package enum ErrorName {
  /// The name, or `errno_N` for one that no header has.
  package static func of(_ code: Int) -> String { names[code] ?? "errno_\(code)" }

  private static let names: [Int: String] = {
    let first = """
      EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT
      ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG
      ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY
      ELOOP
      """
    let network = """
      EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT
      ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN
      ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN
      ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE
      """
    // Seen only by whoever looks into the kernel: the call is made again, or ends as EINTR.
    let restarts: SystemCallTable.Run = (
      512, "ERESTARTSYS ERESTARTNOINTR ERESTARTNOHAND ENOIOCTLCMD ERESTART_RESTARTBLOCK"
    )
    let rest: SystemCallTable.Run = (122, "EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY")
    let robust: SystemCallTable.Run = (130, "EOWNERDEAD ENOTRECOVERABLE")
    let data: SystemCallTable.Run = (61, "ENODATA ETIME")
    let text: SystemCallTable.Run = (84, "EILSEQ")
    let large: SystemCallTable.Run = (75, "EOVERFLOW")
    return SystemCallName.names([
      (1, first), (87, network), rest, robust, restarts, data, text, large, (71, "EPROTO"),
    ])
  }()
}
