import Foundation
import TestSupport
import Testing

/// `vbench record` as a user types it.
@Suite(.serialized, .enabled(if: BuiltProgram.path != nil && Watching.isAllowed))
struct RecordTests {
  @Test func `a command is recorded with all it starts, and its status is ours`() throws {
    let folder = try TemporaryDirectory("record")
    let run = try BuiltProgram.run(
      [
        "record", "--out", "P", "--profile", "cpu,block,timeline,counters", "--", "sh", "-c",
        "echo said; sleep 0.2; gzip -c \"$0\" > /dev/null; exit 7", BuiltProgram.path ?? "",
      ], in: folder.path)
    #expect(run.status == 7, "\(run.errors)")
    #expect(run.output == "said\n")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("P/latest"))
    #expect(
      Set(files).isSuperset(of: [
        "run.json", "env.json", "sh_cpu.pprof", "sh_block.pprof", "timeline.json", "counters.json",
      ]), "\(files)")
    let tags = try BuiltProgram.run(
      ["top", "P/latest", "-tagfocus=process=gzip"], in: folder.path)
    #expect(tags.output.contains("samples") || tags.output.contains("Showing nodes"))
    let waits = try BuiltProgram.run(["top", "--kind", "block", "P/latest"], in: folder.path)
    #expect(waits.output.contains("do_wait"), "sh waits for its children: \(waits.output)")
    #expect(try BuiltProgram.run(["report", "P/latest"], in: folder.path).status == 0)
  }

  @Test func `a lock that is fought for is named, with its holders and its waiters`() throws {
    guard let compiler = Tool.path(of: "cc") ?? Tool.path(of: "clang") else {
      print("skipped: there is no C compiler")
      return
    }
    let folder = try TemporaryDirectory("locks")
    try Self.twoLocks.write(toFile: folder.file("two.c"), atomically: true, encoding: .utf8)
    _ = try Tool.output(
      [compiler, "-O1", "-g", "-o", folder.file("two"), folder.file("two.c"), "-lpthread"])
    let run = try BuiltProgram.run(
      ["record", "--out", "P", "--", folder.file("two")], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    func delay(_ words: [String]) throws -> Double {
      let run = try BuiltProgram.run(
        ["top", "--kind", "mutex", "P/latest", "--unit", "ms", "-nodefraction=0"] + words,
        in: folder.path)
      let line = run.output.split(separator: "\n").first { $0.contains("Showing nodes") }
      let words = line?.split(separator: " ") ?? []
      return words.compactMap { Double($0.replacing("ms,", with: "").replacing("ms", with: "")) }
        .first ?? 0
    }
    // What the waiters say by their own clocks, in milliseconds.
    let truth = run.output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    try #require(truth.count == 2)
    let first = try delay(["-tagfocus=lock=^lock_long$"])
    let second = try delay(["-tagfocus=lock=^lock_short$"])
    #expect(abs(first / truth[0] - 1) < 0.02, "\(first) instead of \(truth[0])")
    #expect(abs(second / truth[1] - 1) < 0.02, "\(second) instead of \(truth[1])")
    #expect(abs(try delay(["-focus=hold_long"]) / first - 1) < 0.02)
    #expect(abs(try delay(["-tagfocus=waiter=^want_short$"]) / second - 1) < 0.02)
  }

  private static let twoLocks = """
    #include <pthread.h>
    #include <stdatomic.h>
    #include <stdio.h>
    #include <time.h>
    #include <unistd.h>
    static double waited[2];
    static double now(void) {
      struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t);
      return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
    }
    pthread_mutex_t lock_long = PTHREAD_MUTEX_INITIALIZER, lock_short = PTHREAD_MUTEX_INITIALIZER;
    static atomic_int turn[2], wanted[2];
    __attribute__((noinline)) void hold_long(int round) {
      pthread_mutex_lock(&lock_long); turn[0] = round; usleep(30000);
      pthread_mutex_unlock(&lock_long); turn[0] = -round;
    }
    __attribute__((noinline)) void hold_short(int round) {
      pthread_mutex_lock(&lock_short); turn[1] = round; usleep(10000);
      pthread_mutex_unlock(&lock_short); turn[1] = -round;
    }
    __attribute__((noinline)) void want_long(void) {
      pthread_mutex_lock(&lock_long); pthread_mutex_unlock(&lock_long); wanted[0]++;
    }
    __attribute__((noinline)) void want_short(void) {
      pthread_mutex_lock(&lock_short); pthread_mutex_unlock(&lock_short); wanted[1]++;
    }
    void *holder(void *which) {
      int n = which != 0;
      for (int round = 1; round <= 25; round++) {
        if (n) hold_short(round); else hold_long(round);
        while (wanted[n] < round) usleep(100);
      }
      return 0;
    }
    void *waiter(void *which) {
      int n = which != 0;
      for (int round = 1; round <= 25; round++) {
        while (turn[n] != round) usleep(50);
        double start = now();
        if (n) want_short(); else want_long();
        waited[n] += now() - start;
      }
      return 0;
    }
    int main(void) {
      pthread_t threads[4];
      for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], 0, i % 2 ? waiter : holder, (void *)(long)(i / 2));
      for (int i = 0; i < 4; i++) pthread_join(threads[i], 0);
      printf("%f %f\\n", waited[0], waited[1]);
      return 0;
    }
    """

  @Test(arguments: [
    (["record"], 64, "Say what to watch"),
    (["record", "-p", "1", "--", "ls"], 64, "not both"),
    (["record", "--service", "a"], 64, "NAME=PID"),
    (["record", "--service", "a=1", "--service", "a=2"], 64, "called a"),
    (["record", "-p", "4194303"], 6, "no process"),
    (["record", "--", "/nonexistent/program"], 127, "cannot be run"),
    (["record", "--", "/"], 126, "cannot be run"),
    (["record", "--event", "cyles", "--", "true"], 64, "did you mean cycles"),
    (["record", "--profile", "heap", "-p", "1"], 64, "a program that vbench starts"),
  ])
  func `what cannot be recorded gets one sentence and a status`(
    words: [String], status: Int32, sentence: String
  ) throws {
    let folder = try TemporaryDirectory("refused")
    let run = try BuiltProgram.run(words, in: folder.path)
    #expect(run.status == status, "\(run.errors)")
    #expect(run.errors.contains(sentence), "\(run.errors)")
    // Nothing is left behind that looks like a run.
    let left = try? FileManager.default.contentsOfDirectory(atPath: folder.file("Profiles"))
    #expect((left ?? []).isEmpty, "\(left ?? [])")
  }

  @Test func `a recorder that is interrupted or killed leaves its target alone`() throws {
    let folder = try TemporaryDirectory("left")
    let target = Process()
    target.executableURL = URL(filePath: "/bin/sleep")
    target.arguments = ["20"]
    try target.run()
    defer { target.terminate() }
    // Not SIGINT, which is ignored from birth by what a background job starts.
    for signal in [SIGTERM, SIGKILL] {
      let recorder = Process()
      recorder.executableURL = URL(filePath: BuiltProgram.path ?? "")
      recorder.arguments = [
        "record", "-q", "--out", folder.file("P"), "-p", "\(target.processIdentifier)",
      ]
      try recorder.run()
      usleep(700_000)
      kill(recorder.processIdentifier, signal)
      recorder.waitUntilExit()
      if signal == SIGTERM {
        #expect(recorder.terminationStatus == 0)
        #expect(FileManager.default.fileExists(atPath: folder.file("P/latest/run.json")))
      }
      #expect(target.isRunning)
      #expect(!(try Self.isTraced(target.processIdentifier)))
    }
  }

  private static func isTraced(_ pid: Int32) throws -> Bool {
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    return !status.contains("TracerPid:\t0")
  }
}

/// Whether kernel events may be had here.
enum Watching {
  static let isAllowed: Bool = {
    let level = try? String(contentsOfFile: "/proc/sys/kernel/perf_event_paranoid", encoding: .utf8)
    let run = try? BuiltProgram.run(["doctor"])
    if run?.output.contains("CPU profiles: cpu-clock") == true { return true }
    print("skipped: kernel events are refused here (perf_event_paranoid \(level ?? "unknown"))")
    return false
  }()
}
