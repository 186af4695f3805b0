import Basics

/// The system calls that threads are in at this moment, as /proc tells.
///
/// A server that sleeps in `epoll_wait` all the time makes no call that could be seen to begin or
/// end; it is still what the server does.
enum CallsUnderWay {
  /// `owners` names the process of each thread; a thread that runs, or may not be asked, is left
  /// out.
  static func of(_ owners: [Int32: Int32]) -> [(tid: Int32, call: Int)] {
    owners.sorted { $0.key < $1.key }.compactMap { tid, pid in
      let text = try? FileSystem.text(of: "/proc/\(pid)/task/\(tid)/syscall")
      return text.flatMap(call).map { (tid, $0) }
    }
  }

  /// `7 0x… …` in a call, `running` outside, `-1 …` asleep for another reason.
  static func call(_ line: String) -> Int? {
    line.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }.flatMap {
      $0 >= 0 ? $0 : nil
    }
  }
}
