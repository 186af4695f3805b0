import Glibc

/// Short lines between a parent and a child, one pipe each way.
package struct LineChannel: ~Copyable {
  private let input: File
  private let output: File
  private var buffer: [UInt8] = []

  package enum Line: Equatable, Sendable {
    case text(String)
    /// The other side closed its end or died.
    case closed
    /// Nothing came in time.
    case silence
  }

  package init(input: consuming File, output: consuming File) {
    self.input = input
    self.output = output
  }

  package func send(_ line: String) throws(SystemError) { try output.write(line + "\n") }

  /// The next line, waiting at most `milliseconds` (−1: for ever).
  package mutating func receive(milliseconds: Int32 = -1) throws(SystemError) -> Line {
    while true {
      if let end = buffer.firstIndex(of: 10) {
        let line = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeSubrange(...end)
        return .text(line)
      }
      var poller = pollfd(fd: input.descriptor, events: Int16(POLLIN), revents: 0)
      // SAFETY: one pollfd, a local.
      let ready = unsafe poll(&poller, 1, milliseconds)
      if ready < 0, errno == EINTR { return .silence }
      if ready == 0 { return .silence }
      let more = try readSome()
      if more.isEmpty { return .closed }
      buffer += more
    }
  }

  private func readSome() throws(SystemError) -> ArraySlice<UInt8> {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    // SAFETY: read fills at most the array's own bytes.
    let count = try retrying("read", input.path) {
      unsafe Glibc.read(input.descriptor, &bytes, bytes.count)
    }
    return bytes[..<count]
  }
}
