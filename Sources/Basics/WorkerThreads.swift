import CBasics
import Glibc

/// POSIX threads that are joined before the call returns, so none can be forgotten.
package enum WorkerThreads {
  /// Runs `body` on `count` named threads and gives back what each returned, in order.
  package static func run<Result: Sendable>(
    count: Int, name: String, _ body: @escaping @Sendable (Int) -> Result
  ) throws(SystemError) -> [Result] {
    var threads: [(RunningThread, Slot<Result>)] = []
    var failure: SystemError?
    for index in 0..<count {
      do throws(SystemError) {
        let slot = Slot<Result>()
        let thread = try start(name: "\(name)-\(index)") { slot.value = body(index) }
        threads.append((thread, slot))
      } catch {
        failure = error
        break
      }
    }
    let slots = threads.map { pair in
      join(pair.0)
      return pair.1
    }
    if let failure { throw failure }
    return slots.compactMap(\.value)
  }

  /// Starts one named thread; whoever starts it joins it with `join`.
  package static func start(
    name: String, _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) -> RunningThread {
    let box = unsafe Unmanaged.passRetained(Body(name: name, run: body))
    var thread = pthread_t()
    // SAFETY: the box is retained here and released once, by the thread that receives it.
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        WorkerThreads.nameCurrent(body.name)
        body.run()
        return nil
      }, box.toOpaque())
    if code != 0 {
      unsafe box.release()
      throw SystemError("start thread", name, code: code)
    }
    return RunningThread(handle: thread)
  }

  package static func join(_ thread: RunningThread) {
    // SAFETY: the caller started this thread and joins it once; its result is not asked for.
    _ = pthread_join(thread.handle, nil)
  }

  /// Names the calling thread for profiles and `ps`; the kernel keeps 15 bytes.
  package static func nameCurrent(_ name: String) {
    // SAFETY: the string is copied by the kernel during the call.
    _ = unsafe vb_set_thread_name(name)
  }

  /// The kernel's number of the calling thread.
  package static func currentID() -> Int32 { vb_thread_id() }

  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }

  /// Written by one thread before it ends, read by another after joining it.
  private final class Slot<Result: Sendable>: @unchecked Sendable {
    var value: Result?
  }
}

/// A thread that somebody will join.
package struct RunningThread: Sendable {
  let handle: pthread_t
}
