import Findings
import FoundationEssentials
import Glibc
import Reporting
import RunRecords
import Testing

@Suite struct LiveRunTests {
  @Test func `live`() throws {
    guard let p = getenv("LIVE_RUN") else { return }
    let run = try RunReader.open(String(cString: p))
    let clock = ContinuousClock()
    var text = ""
    let d = try clock.measure { text = FindingsMarkdown.render(try FindingsEngine.report(on: run, base: run)) }
    print("TOOK", d)
    try Data(text.utf8).write(to: URL(filePath: "/tmp/live.md"))
  }
}
