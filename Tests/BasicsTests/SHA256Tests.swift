import Basics
import Testing

/// The published examples of FIPS 180-4, and pieces against the whole.
@Suite struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `a published message has its published digest`(text: String, digest: String) {
    #expect(SHA256.hex(of: text.utf8) == digest)
  }

  @Test func `a million letters in pieces have the published digest`() {
    var hash = SHA256()
    for _ in 0..<1_000 { hash.update([UInt8](repeating: 97, count: 1_000)) }
    #expect(hash.hex() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test(arguments: [1, 55, 56, 63, 64, 65, 119, 120, 128])
  func `pieces and the whole agree at the edges of a block`(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    var pieces = SHA256()
    for byte in bytes { pieces.update([byte]) }
    #expect(pieces.hex() == SHA256.hex(of: bytes))
  }
}
