import Basics
import Testing
import Vocabulary

@testable import VectorIndex

struct IndexPartsTests {
  private func parts() throws -> IndexParts {
    var random = SeededRandom(5)
    let rows = (0..<(1_000 * 8)).map { _ in Float(random.normal()) }
    return try IndexParts(rows, IndexOptions(dimensions: 8, metric: .l2, seed: 5))
  }

  private func links(_ parts: IndexParts) -> [[UInt32]] {
    (0..<UInt32(1_000)).map { node in
      let list = unsafe parts.index.arena.links(node, 0)
      return (0..<parts.index.arena.width(0)).map { unsafe list[$0] }
    }
  }

  @Test func `adding links changes lists and putting them back undoes it`() throws {
    let parts = try parts()
    let before = links(parts)
    let chosen = parts.linksToAdd(200)
    #expect(parts.addLinks(chosen) == 200)
    #expect(links(parts) != before)
    parts.restore(chosen)
    #expect(links(parts) == before)
    #expect(parts.index.checkInvariants().isEmpty)
  }

  @Test(arguments: [KernelChoice.portable, .avx2, .avx512, .neon].filter(\.isAvailable))
  func `every kernel computes the same distances, near and far`(kernel: KernelChoice) throws {
    let parts = try parts()
    for count in [1, 31, 33, 1_000] {
      let sums = [parts.nearDistances(count, kernel), parts.farDistances(count, kernel)]
      let plain = [parts.nearDistances(count, .portable), parts.farDistances(count, .portable)]
      for (sum, expected) in zip(sums, plain) {
        let (value, wanted) = (
          Float(bitPattern: UInt32(sum)), Float(bitPattern: UInt32(expected))
        )
        #expect(abs(value - wanted) <= 1e-4 * max(1, wanted), "\(count)")
        #expect(wanted > 0)
      }
    }
  }

  @Test func `half of the nodes asked for are new, whatever remembers them`() throws {
    let parts = try parts()
    for set in VisitedSet.allCases {
      #expect(parts.visits(1_000, perSearch: 100, set) == 500, "\(set)")
    }
  }
}
