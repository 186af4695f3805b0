import Foundation
import Testing

@testable import Sampling

/// Names for people, and the kernel's.
struct SymbolNameTests {
  @Test(arguments: [
    ("main", "main"),
    ("vb_dot_avx2", "vb_dot_avx2"),
    ("$ss5print_9separator10terminatoryypd_S2StF", "Swift.print"),
    ("$sSayxGs6UInt32V_tcfC", "$sSayxGs6UInt32V_tcfC"),
    (
      "_ZN7rocksdb6DBImpl3GetERKNS_11ReadOptionsE",
      "rocksdb::DBImpl::Get(rocksdb::ReadOptions const&)"
    ),
    ("_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write"),
    ("_Znonsense", "_Znonsense"),
    ("$snonsense", "$snonsense"),
    ("$s", "$s"),
    ("", ""),
  ])
  func `a linker's name becomes the one people wrote`(mangled: String, expected: String) {
    #expect(Demangler().name(mangled) == expected)
  }

  @Test(arguments: [
    ("A.Index.search(_: A.Query, k: Swift.Int) throws -> [A.Hit]", "A.Index.search"),
    ("closure #1 (Swift.Int) -> () in A.Index.insert(A.V) -> ()", "closure #1 in A.Index.insert"),
    (
      "generic specialization <Swift.Int> of (extension in Swift):Swift.Array.sort(by: (A, A) -> Bool) -> ()",
      "Swift.Array.sort"
    ),
    ("(2) suspend resume partial function for A.load() async -> Swift.Int", "A.load"),
    ("(1) await resume partial function for A.load() async -> Swift.Int", "A.load"),
    ("A.Index.(prune in _0123456789ABCDEF)(Swift.Int) -> ()", "A.Index.prune"),
    (
      "A.Index.(prune in _0123)(_: Swift.Int, at: A.(Moment in _0123), _: B.(C in _45)) -> A.Row",
      "A.Index.prune"
    ),
    ("merged A.Index.search(Swift.Int) -> ()", "A.Index.search"),
    (
      "protocol witness for A.P.run() -> () in conformance A.T : A.P in A",
      "A.P.run"
    ),
    ("static A.Marker.run(A.Kind) -> ()", "A.Marker.run"),
    ("closure #1 () -> () in static A.Marker.run(A.Kind) -> ()", "closure #1 in A.Marker.run"),
    ("static (extension in A):Swift.Int.half(Swift.Int) -> Swift.Int", "Swift.Int.half"),
    ("outlined copy of A.Row<B>", "outlined copy of A.Row"),
    ("type metadata accessor for A.Row", "type metadata accessor for A.Row"),
    ("static Swift.Int.+ infix(Swift.Int, Swift.Int) -> Swift.Int", "Swift.Int.+"),
    ("A.Index.count.getter : Swift.Int", "A.Index.count.getter"),
    ("partial apply forwarder for closure #2 () -> () in A.run() -> ()", "closure #2 in A.run"),
  ])
  func `variants of a Swift function share its base name`(full: String, expected: String) {
    #expect(SwiftName.short(full) == expected)
  }

  @Test func `zeros for addresses mean that the kernel keeps its names to itself`() {
    let hidden = KernelSymbols(
      text: Array("0000000000000000 T do_sys_poll\n0000000000000000 t x [m]\n".utf8))
    #expect(hidden.name(at: 0xffff_ffff_8100_0000) == nil)
  }

  @Test func `a kernel address belongs to the function that begins before it`() {
    let symbols = KernelSymbols(
      text: Array(
        "ffffffff81000010 T second\nffffffff81000000 T first\nffffffff81000020 d data\nrubbish\n"
          .utf8))
    #expect(symbols.name(at: 0xffff_ffff_8100_000f) == "first")
    #expect(symbols.name(at: 0xffff_ffff_8100_0010) == "second")
    #expect(symbols.name(at: 0xffff_ffff_80ff_ffff) == nil)
    #expect(symbols.name(at: 0xffff_ffff_8200_0000) == nil)
  }

  @Test(.enabled(if: geteuid() == 0, "only root sees the kernel's addresses"))
  func `the names of the running kernel are those in kallsyms`() throws {
    let text = try String(contentsOfFile: "/proc/kallsyms", encoding: .utf8)
    var names: [UInt64: Set<String>] = [:]
    for line in text.split(separator: "\n").prefix(20_000) {
      let fields = line.split(separator: " ")
      guard fields.count == 3, "Tt".contains(fields[1]),
        let address = UInt64(fields[0], radix: 16), address > 0
      else { continue }
      names[address, default: []].insert(String(fields[2]))
    }
    for (address, expected) in names.prefix(2_000) {
      let name = try #require(KernelSymbols.running.name(at: address))
      #expect(expected.contains(name) || name.first == "_", "\(expected): \(name)")
    }
  }
}
