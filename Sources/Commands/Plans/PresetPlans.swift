/// Plans that come with the program, by name.
enum PresetPlans {
  struct Preset: Sendable {
    let name: String
    let summary: String
    let text: String
  }

  static let all = [
    Preset(
      name: "market", summary: "Reads and writes mixed, as a live service sees them.",
      text: """
        [runs.market]
        workload = "market"
        """),
    Preset(
      name: "search-only", summary: "Searches only.",
      text: """
        [runs.search-only]
        workload = "search-only"
        """),
    Preset(
      name: "write-only", summary: "Inserts and deletes only.",
      text: """
        [runs.write-only]
        workload = "write-only"
        """),
    Preset(
      name: "churn",
      summary: "Half of the operations replace rows: recall and latency while the graph changes.",
      text: """
        [runs.churn]
        workload = "market"
        read-ratio = 0.5
        write-batch = 10
        max-live = "const"
        duration = "8s"
        """),
    Preset(
      name: "soak", summary: "One trial of ten minutes: what short trials are too short to meet.",
      text: """
        [runs.soak]
        workload = "market"
        duration = "10m"
        trials = 1
        """),
    Preset(
      name: "concurrency", summary: "Searches by 1 to 32 clients, taking turns.",
      text: """
        [runs.clients]
        workload = "search-only"
        concurrency = [1, 2, 4, 8, 16, 32]
        dataset = "20k"
        """),
    Preset(
      name: "dims", summary: "The mixed workload at three widths of a vector.",
      text: """
        [all]
        workload = "market"
        dataset = "10k"
        [runs.widths]
        dims = [256, 384, 768]
        """),
    Preset(
      name: "durability", summary: "Writes under each promise of an acknowledgement.",
      text: """
        [all]
        workload = "write-only"
        dataset = "10k"
        write-batch = 10
        [runs.strict]
        durability = "strict"
        [runs.relaxed]
        durability = "relaxed"
        [runs.none]
        durability = "none"
        """),
    Preset(
      name: "source", summary: "The source benchmark's own parameters.",
      text: """
        [runs.source]
        workload = "market"
        preset = "source"
        """),
  ]

  static func named(_ name: String) -> Preset? { all.first { $0.name == name } }
}
