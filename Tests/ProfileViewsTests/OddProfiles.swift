import TestSupport

@testable import Pprof

import struct Basics.SeededRandom

/// Profiles that no program gives, each odd in one way.
enum OddProfiles {
  static let all: [String: @Sendable () -> Profile] = [
    "odd-negative": { negative() }, "odd-ties": { ties() }, "odd-zero": { zero() },
    "odd-huge": { huge() }, "odd-over": { over() },
    "odd-nameless": { nameless() }, "odd-crowded": { crowded() }, "odd-inlined": { inlined() },
    "odd-empty": { empty() }, "odd-labels": { labels() }, "odd-names": { names() },
    "odd-hours": { hours() },
  ]

  private static let program = Profile.Mapping(
    start: 0x40_0000, limit: 0x50_0000, offset: 0, filename: "/srv/bin/engine", buildID: "beef",
    hasFilenames: true, hasLineNumbers: true, hasInlineFrames: true)

  private static func frame(
    _ name: String, _ random: inout SeededRandom, file: String = "src/engine.c"
  ) -> ProfileBuilder.Frame {
    ProfileBuilder.Frame(
      address: 0x40_0000 + UInt64(16 * random.below(400)), mapping: program,
      lines: [
        (
          Profile.Function(name: name, systemName: "_\(name)", filename: file, startLine: 10),
          Int64(10 + random.below(40))
        )
      ])
  }

  /// Stacks of some functions, with values that a closure draws.
  private static func stacks(
    _ count: Int, functions: Int, seed: UInt64, depth: Int = 8,
    types: [Profile.ValueType] = [.init("samples", "count"), .init("cpu", "nanoseconds")],
    values: (inout SeededRandom) -> [Int64]
  ) -> Profile {
    var random = SeededRandom(seed)
    var builder = ProfileBuilder(
      sampleTypes: types, periodType: .init("cpu", "nanoseconds"), period: 10_000_000)
    builder.setProgram(program)
    for _ in 0..<count {
      let stack = (0..<(1 + random.below(depth))).map { _ in
        frame("work\(min(random.below(functions), random.below(functions)))", &random)
      }
      builder.add(stack: stack, values: values(&random))
    }
    return builder.profile
  }

  private static func negative() -> Profile {
    stacks(300, functions: 30, seed: 1) { random in
      let count = Int64(random.below(2_000_000_001)) - 1_000_000_000
      return [count, count * 7]
    }
  }

  /// Costs of one size and both signs.
  private static func ties() -> Profile {
    stacks(300, functions: 30, seed: 1) { random in
      let count = Int64(random.below(9)) - 4
      return [count, count * 9_999_991]
    }
  }

  private static func zero() -> Profile {
    stacks(40, functions: 9, seed: 2) { _ in [1, 0] }
  }

  /// Sums just below 2^63.
  private static func huge() -> Profile {
    stacks(100, functions: 12, seed: 3, types: [.init("n", "count"), .init("space", "bytes")]) {
      random in [Int64(1 + random.below(5)), (1 << 56) + Int64(random.below(1 << 50))]
    }
  }

  /// Sums beyond 2^63.
  private static func over() -> Profile {
    stacks(9, functions: 3, seed: 11, types: [.init("space", "bytes")]) { _ in [1 << 61] }
  }

  /// A profile with a name that is not UTF-8; our own writer would not write one.
  static func notUTF8() -> [UInt8] {
    var builder = ProfileBuilder(sampleTypes: [.init("cpu", "milliseconds")])
    builder.add(stack: [.init(named: "caf\u{E9}"), .init(named: "main")], values: [3])
    var bytes = ProfileWriter.plain(builder.profile)
    // The two bytes of the accented letter become two that begin nothing.
    for index in bytes.indices.dropLast() where bytes[index] == 0xC3 && bytes[index + 1] == 0xA9 {
      (bytes[index], bytes[index + 1]) = (0xE9, 0xFF)
    }
    return bytes
  }

  private static func nameless() -> Profile {
    var random = SeededRandom(4)
    var builder = ProfileBuilder(sampleTypes: [.init("cpu", "microseconds")])
    let library = Profile.Mapping(
      start: 0x7f00_0000, limit: 0x7f10_0000, offset: 0x1000, filename: "/lib/libm.so.6",
      buildID: "")
    for _ in 0..<80 {
      let stack = (0..<(1 + random.below(5))).map { _ in
        let mapping = [program, library, nil][random.below(3)]
        return ProfileBuilder.Frame(
          address: (mapping?.start ?? 0x1000) + UInt64(random.below(64)), mapping: mapping,
          lines: [])
      }
      builder.add(stack: stack, values: [Int64(1 + random.below(1_000))])
    }
    return builder.profile
  }

  /// Thousands of functions.
  private static func crowded() -> Profile {
    stacks(3_000, functions: 5_000, seed: 5, depth: 20) { random in
      [1, Int64(1 + random.below(3)) * 10_000_000]
    }
  }

  /// Chains of inlined functions, some of which are called plainly elsewhere.
  private static func inlined() -> Profile {
    var random = SeededRandom(6)
    var builder = ProfileBuilder(sampleTypes: [.init("cpu", "milliseconds")])
    builder.setProgram(program)
    for _ in 0..<200 {
      let stack = (0..<(1 + random.below(4))).map { _ -> ProfileBuilder.Frame in
        let lines = (0..<(1 + random.below(5))).map { _ in
          (
            function: Profile.Function(
              name: "ns::Type::part\(random.below(12))", systemName: "_Z\(random.below(2))",
              filename: "/proc/self/cwd/lib/part.cc", startLine: 3),
            line: Int64(3 + random.below(20))
          )
        }
        return ProfileBuilder.Frame(
          address: 0x40_0000 + UInt64(random.below(4_000)), mapping: program, lines: lines)
      }
      builder.add(stack: stack, values: [Int64(random.below(50))])
    }
    builder.setTime(
      startNanoseconds: 1_770_400_000_123_450_000, durationNanoseconds: 3_723_400_000_000)
    return builder.profile
  }

  private static func empty() -> Profile {
    Profile(sampleTypes: [.init("cpu", "nanoseconds")])
  }

  /// Texts and numbers under one key, several values, units that differ, and what says nothing.
  private static func labels() -> Profile {
    var profile = stacks(60, functions: 8, seed: 7) { random in
      [1, Int64(1 + random.below(99)) * 1_000_000]
    }
    var random = SeededRandom(8)
    for index in profile.samples.indices {
      var labels: [Profile.Label] = []
      if random.below(3) > 0 { labels.append(.init("op", ["get", "put"][random.below(2)])) }
      if random.below(4) == 0 { labels.append(.init("op", "retry")) }
      if random.below(2) == 0 {
        labels.append(.init("bytes", number: Int64(1 << random.below(24)), unit: "bytes"))
      }
      if random.below(5) == 0 { labels.append(.init("bytes", number: 77)) }
      if random.below(4) == 0 { labels.append(.init("request", number: Int64(random.below(3)))) }
      if random.below(4) == 0 { labels.append(.init("wait", number: 1_500, unit: "us")) }
      if random.below(6) == 0 { labels.append(.init("op", number: 5, unit: "ms")) }
      profile.samples[index].labels = labels
    }
    // A stack without frames counts in the total alone.
    profile.samples.append(
      Profile.Sample(locations: [], values: [1, 5_000_000], labels: [.init("op", "none")]))
    return profile
  }

  /// Names that a picture shortens, paths that need care, quotes and lines ends.
  private static func names() -> Profile {
    let names = [
      "github.com/acme/tool/v2/pkg.(*Type).Method", "example.org/v1/x.F", "a/v3/b/v10.G[...]",
      "java.util.Map.<init>(Foo)", "com.acme.Runner.run$2", "std::ns::Type<int>::go",
      "(anonymous namespace)::Thing::call", "plain", "with \"quotes\" and \\", "größe.日本語",
      "operator()(int)::x", ".dotted(int)", "main.main.func1.2", "a::b::__Type::~Type<x>y", "a/",
      "two\nlines",
    ]
    let files = ["./x//y/../z.c", "../q.c", "/src/../../a.go", "", "/proc/self/cwd/./b.go"]
    var random = SeededRandom(9)
    var builder = ProfileBuilder(
      sampleTypes: [.init("events", "widgets")], periodType: .init("", ""), period: 0)
    builder.addComment("seen")
    builder.addComment("#unseen")
    builder.addComment("seen")
    for _ in 0..<150 {
      let stack = (0..<(1 + random.below(5))).map { _ -> ProfileBuilder.Frame in
        let number = random.below(names.count)
        return ProfileBuilder.Frame(
          address: UInt64(16 * number),
          lines: [
            (
              Profile.Function(
                name: names[number], systemName: "raw\(number)",
                filename: files[number % files.count], startLine: Int64(number)),
              Int64(random.below(3))
            )
          ])
      }
      builder.add(stack: stack, values: [Int64(1 + random.below(12))])
    }
    return builder.profile
  }

  /// Units from nanoseconds to hours in one table.
  private static func hours() -> Profile {
    stacks(120, functions: 20, seed: 10, types: [.init("delay", "nanoseconds")]) { random in
      [Int64(1) << Int64(random.below(50))]
    }
  }
}
