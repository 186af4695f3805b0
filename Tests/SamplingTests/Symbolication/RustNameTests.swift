import Foundation
import TestSupport
import Testing

@testable import Basics
@testable import Sampling

/// Rust's and C++'s names for people, held against binutils.
struct RustNameTests {
  @Test(
    arguments: [
      ("_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write"),
      ("_ZN4core3fmt5write17h0123456789abcdefE.llvm.42", "core::fmt::write"),
      (
        "_ZN61_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
        "<alloc::vec::Vec<T> as core::fmt::Debug>::fmt"
      ),
      ("_ZN4main28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE", "main::{{closure}}"),
      ("_ZN4core3fmt5write17h0123456789abcdegE", nil),
      ("_ZN99core17h0123456789abcdefE", nil),
      ("_ZN", nil),
      ("_RNvC4core5write", "core::write"),
      ("_RNvNtCs1234_7mycrate3foo3bar", "mycrate::foo::bar"),
      ("_RNCNvC4main3runs_0", "main::run::{closure#1}"),
      ("_RNvMNtC4core5sliceSh3len", "<[u8]>::len"),
      ("_RNvXC1aNtB2_1SNtB2_1T1m", "<a::S as a::T>::m"),
      ("_RINvC1a1fhjE", "a::f::<u8, usize>"),
      ("_RINvC1a1fTlEFUKCmEuE", "a::f::<(i32,), unsafe extern \"C\" fn(u32)>"),
      ("_RINvC1a1fKj2a_KbK1_E", nil),
      ("_RINvC1a1fKj2a_Kb1_Kc41_Kan1_E", "a::f::<42, true, 'A', -1>"),
      ("_RINvC1a1fDNtB2_1Tp4ItemmEL_E", "a::f::<dyn a::T<Item = u32>>"),
      ("_RINvC1a1fFG_RL0_eEuE", "a::f::<for<'a> fn(&'a str)>"),
      ("_RNvC4core5write.llvm.9", "core::write"),
      ("_RNvC4core5writeX", nil),
      ("_R", nil),
      ("_RB_", nil),
      ("_RNvB_1a", nil),
    ] as [(String, String?)])
  func `a name of Rust becomes the path people wrote`(mangled: String, expected: String?) {
    #expect(RustName.demangled(mangled) == expected)
  }

  @Test(arguments: [
    (
      "std::vector<int, std::allocator<int> >::push_back(int&&)",
      "std::vector<...>::push_back(int&&)"
    ),
    ("a::Map<int>::find(int)", "a::Map<int>::find(int)"),
    ("bool operator< <char>(a::Text<char> const&)", "bool operator< <char>(a::Text<char> const&)"),
    ("a::operator<<(std::ostream&, a::Row const&)", "a::operator<<(std::ostream&, a::Row const&)"),
    ("a::F::operator()(int) const", "a::F::operator()(int) const"),
    (
      "void a::run<b::Something<c::Other>, d::Another>(std::function<void (std::string const&, int)>, std::string const&, int)",
      "void a::run<...>(std::function<...>, std::string const&, int)"
    ),
    (
      "(anonymous namespace)::with_a_long_enough_name(int)",
      "(anonymous namespace)::with_a_long_enough_name(int)"
    ),
    (
      "<alloc::vec::Vec<T> as core::fmt::Debug>::fmt",
      "<alloc::vec::Vec<T> as core::fmt::Debug>::fmt"
    ),
    ("a::f::<alloc::vec::Vec<u8>, alloc::string::String>", "a::f::<...>"),
    ("a::unbalanced<<<<<<<<<<<<<<<<<<<<<<<<<<", "a::unbalanced<<<<<<<<<<<<<<<<<<<<<<<<<<"),
    ("", ""),
  ])
  func `long arguments of templates are folded`(full: String, expected: String) {
    #expect(TemplateName.short(full) == expected)
  }

  private static let source = """
    use std::collections::HashMap;
    use std::fmt::Debug;
    trait Shape<T> { fn area(&self, scale: T) -> T; }
    struct Square<const N: usize>;
    impl<const N: usize> Shape<f64> for Square<N> {
        #[inline(never)] fn area(&self, scale: f64) -> f64 { scale * N as f64 }
    }
    #[inline(never)] fn each<T: Debug, F: FnMut(&T)>(list: &[T], mut body: F) {
        for item in list { body(item) }
    }
    #[inline(never)] fn boxed(call: Box<dyn for<'a> Fn(&'a str) -> &'a str + Send>) -> String {
        call("x").to_string()
    }
    fn main() {
        let mut map: HashMap<String, Vec<(u8, char)>> = HashMap::new();
        map.entry("a".into()).or_default().push((1, 'b'));
        each(&[1u32, 2], |n| println!("{n} {:?}", map));
        each(&["a", "b"], |n| println!("{n}"));
        println!("{}", boxed(Box::new(|s| s)));
        println!("{}", Square::<3>.area(2.0));
        std::thread::spawn(|| println!("thread")).join().unwrap();
    }
    """

  private static let tools = ["rustc", "nm", "c++filt"]

  @Test(
    .enabled(if: tools.allSatisfy { Tool.path(of: $0) != nil }, "needs rustc, nm and c++filt"),
    arguments: ["legacy", "v0"])
  func `every Rust name of a program is the one that binutils reads`(scheme: String) throws {
    let folder = try TemporaryDirectory("rust")
    try Self.source.write(toFile: folder.file("a.rs"), atomically: true, encoding: .utf8)
    let version =
      scheme == "v0"
      ? ["-C", "symbol-mangling-version=v0"]
      : ["-C", "symbol-mangling-version=legacy", "-Z", "unstable-options"]
    guard
      try Tool.output(
        ["rustc", "-g", "--edition=2021", "-o", folder.file("a"), folder.file("a.rs")] + version)
        != nil
    else { return print("skipped: this rustc does not write \(scheme) names") }
    let list = folder.file("names")
    let text = try #require(
      try Tool.output(["sh", "-c", "nm -j \(folder.file("a")) | sed 's/[.@].*//' | sort -u"]))
    let mangled = text.split(separator: "\n").map(String.init).filter {
      $0.hasPrefix("_R") || $0.hasPrefix("_ZN") && $0.contains("17h")
    }
    #expect(mangled.count > 100)
    try mangled.joined(separator: "\n").write(toFile: list, atomically: true, encoding: .utf8)
    let answers = try #require(try Tool.output(["sh", "-c", "c++filt < \(list)"]))
      .split(separator: "\n").map(String.init)
    try #require(answers.count == mangled.count)
    var wrong: [String] = []
    for (name, answer) in zip(mangled, answers) where name != answer {
      let own = RustName.demangled(name)
      // It shows the hash of each crate and the type of each number.
      let answer = answer.replacing(/\[[0-9a-f]{5,16}\]/, with: "")
        .replacing(/(\d|true|false|'): [a-z]+\d*/) { $0.1 }
      if own != answer { wrong.append("\(name): \(own ?? "nothing"), not \(answer)") }
    }
    #expect(wrong.count == 0, "\(wrong.count) of \(mangled.count): \(wrong.prefix(10))")
  }

  @Test func `names that are cut, bent or endless never trap and stay short`() {
    let names = [
      "_RINvXC1aDINtB2_1TjKj2a_Ep4ItemmEL_NtB2_1T1mFG_RL0_eTlEKCuEuE",
      "_RNvMNtC4core5sliceSh3len",
      "_ZN61_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
      "_ZNSt6vectorIiSaIiEE9push_backEOi",
    ]
    var random = SeededRandom(20_26)
    let demangler = Demangler()
    for name in names {
      let whole = Array(name.utf8)
      for length in 0..<whole.count {
        _ = demangler.name(String(decoding: whole.prefix(length), as: UTF8.self))
      }
      for _ in 0..<3_000 {
        var bytes = whole
        for _ in 0..<(1 + random.next() % 3) {
          // Letters of the grammar do more harm than others.
          let letters = Array("CNMXYIBTDFRQPOASEGLKpnsu_0123459z.$".utf8)
          bytes[2 + Int(random.next() % UInt64(bytes.count - 2))] =
            letters[Int(random.next() % UInt64(letters.count))]
        }
        let name = String(decoding: bytes, as: UTF8.self)
        #expect((RustName.demangled(name)?.utf8.count ?? 0) < 100_000)
        _ = TemplateName.short(name)
      }
    }
    // Deep nesting, and tuples that each repeat the one before twice.
    #expect(RustPath.demangled("_RMC1a" + String(repeating: "S", count: 100_000) + "h") == nil)
    var bomb = "_RMC1aTTTTTTTT"
    for _ in 0..<400 { bomb += "B5_B4_" }
    #expect((RustPath.demangled(bomb)?.utf8.count ?? 0) < 100_000)
    _ = TemplateName.short(String(repeating: "a<", count: 50_000))
  }
}
