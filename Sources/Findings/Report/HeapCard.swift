import Measurement
import Pprof
import Vocabulary

/// What a role allocates and keeps, as one heading of the summary.
struct HeapCard {
  let evidence: Evidence
  let commands: SourceCommand
  let findings: [Finding]

  func statement(_ role: RoleEvidence) -> RoleReport.Statement? {
    guard let heap = role.profiles[.heap] else { return nil }
    let window = role.seconds(.heap)
    let title: Prose =
      heap.bytes > 0
      ? "\(name: role.name) allocates \(rate(heap, window))" + place(heap)
      : "\(name: role.name) allocated nothing that was sampled"
    return RoleReport.Statement(
      kind: .heap, operation: nil, title: title, files: heap.files.map(\.path),
      bullets: heap.bytes > 0 ? bullets(heap) : [], interpretation: interpretation(role))
  }

  private func rate(_ heap: ProfileSlice, _ window: Double?) -> String {
    let replicas = Double(max(1, heap.members.count))
    guard let window, window > 0 else { return "\(NumberText.bytes(heap.bytes)) since its start" }
    return "\(NumberText.bytes(heap.bytes / window / replicas)) a second"
      + (heap.members.count > 1 ? " in each replica" : "")
  }

  /// Where most of it is allocated; nothing where few samples would have to tell.
  private func place(_ heap: ProfileSlice) -> Prose {
    guard heap.sampleCount >= evidence.thresholds.samplesForAnyClaim else { return "" }
    let rows = heap.owners { _ in true }.filter { $0.name != ProfileSlice.noOwner }
    var names: [Prose] = []
    var sum = 0.0
    for row in rows where sum < 0.8 * heap.total && names.count < 3 {
      names.append("\(name: row.name)")
      sum += row.seconds
    }
    return sum >= heap.total / 2 ? ", most of it in " + Prose.list(names) : ""
  }

  private func bullets(_ heap: ProfileSlice) -> [EvidenceItem] {
    var items = [
      EvidenceItem(
        "\(NumberText.bytes(heap.bytes)) allocated, what is in use \(change(heap.liveBytes)); about \(Wording.about(Double(heap.sampleCount))) samples stand for them",
        commands.top(heap))
    ]
    guard heap.sampleCount >= evidence.thresholds.samplesForAnyClaim else { return items }
    items += heap.owners { _ in true }.prefix(3).map { row in
      let matches = { (sample: StackSample) in
        (heap.owner(of: sample) ?? ProfileSlice.noOwner) == row.name
      }
      let share = heap.share(where: matches)
      let members = heap.members.map { samples -> Prose in
        let whole = ProfileSlice.seconds(samples)
        let part = ProfileSlice.seconds(samples.filter(matches))
        return "\(Wording.percent(whole > 0 ? part / whole : 0))"
      }
      let spread: Prose = members.count > 1 ? " (\(Prose.list(members)))" : ""
      return EvidenceItem(
        "\(name: row.name) \(Wording.share(share)) of the bytes, \(NumberText.bytes(share.part * 1e9))"
          + spread,
        commands.top(heap, focus: row.name == ProfileSlice.noOwner ? [] : [row.name]))
    }
    return items
  }

  private func change(_ bytes: Double) -> String {
    bytes < 0
      ? "shrank by \(NumberText.bytes(-bytes))" : "grew by \(NumberText.bytes(bytes))"
  }

  private func interpretation(_ role: RoleEvidence) -> [Prose] {
    let notes = findings.filter { $0.role == role.name && ["M13", "M4"].contains($0.rule) }
      .flatMap { finding in finding.means.prefix(1).map { $0 + " (\(finding.id))" } }
    guard notes.isEmpty else { return notes }
    let price = findings.filter { $0.role == role.name && ["M1", "M10"].contains($0.rule) }
    return price.isEmpty
      ? ["No rule found that this role allocates too much."]
      : [
        "What allocating and collecting cost is told with its CPU (\(price.map(\.id).joined(separator: ", ")))."
      ]
  }
}
