import Vocabulary
import Workloads

/// `vbench dataset VERB PATH`: data files and the truth about them.
enum DatasetCommand {
  static let command = Command(
    "dataset", "Make, import, describe and verify data files, and compute their ground truth.",
    details: """
      A dataset is a folder: base.fvecs holds the rows, query.fvecs the queries, gt.ivecs the
      numbers of each query's nearest rows, closest first, gt.distances.fvecs their distances, and
      meta.json the metric and the digests that say what belongs to what. `gen` makes one, `import`
      makes one from files of others (fvecs, ivecs, bvecs, fbin, ibin, npy), `gt` computes the
      truth by looking at every row, `info` describes a folder or a file, and `verify` reads all of
      it and computes the truth of some queries again. Nothing half-written is ever left under its
      final name.
      """,
    flags: data + files + [SharedFlags.json],
    operands: .between(2...2, "gen|import|info|gt|verify PATH"),
    examples: [
      "vbench dataset gen Data/small -n 2k --dims 64",
      "vbench dataset info Data/small",
      "vbench dataset gt Data/small -k 20",
      "vbench dataset verify Data/small",
      "vbench dataset import Data/mine --base rows.npy --query asked.fbin --metric l2",
    ]
  ) { invocation in
    let (verb, path) = (invocation.operands[0], invocation.operands[1])
    let work = DatasetWork(invocation)
    defer { work.progress.end() }
    do {
      switch verb {
      case "gen": return try DatasetMaking(work, path).generate()
      case "import": return try DatasetMaking(work, path).importFiles()
      case "info": return try DatasetInfo.run(path, invocation)
      case "gt": return try DatasetTruth(work, path).compute()
      case "verify": return try DatasetVerification(work, path).run()
      default:
        let verbs = ["gen", "import", "info", "gt", "verify"]
        throw Failure.usage(
          "vbench dataset does not know `\(verb)`.\(Nearest.hint(verb, among: verbs))",
          invocation.command)
      }
    } catch let error as DatasetError {
      throw DatasetWork.failure(error)
    }
  }

  private static let data = [
    Flag("dataset", short: "n", .count(1...50_000_000), "Rows.", standard: "50k", group: .data),
    Flag("dims", .count(1...65_536), "Components of a vector.", standard: "256", group: .data),
    Flag(
      "data", .choice(DatasetSpec.Kind.made.map(\.rawValue)), "What the rows look like.",
      standard: "clustered", group: .data),
    Flag(
      "queries", .choice(DatasetSpec.QuerySource.allCases.map(\.rawValue)),
      "Where the queries come from: not among the rows, rows themselves, or of another distribution.",
      standard: "heldout", group: .data),
    Flag("query-count", .count(1...10_000_000), "Queries.", standard: "1k", group: .data),
    Flag(
      "metric", .choice(Metric.allCases.map(\.rawValue)), "Distance.", standard: "cosine",
      group: .data),
    Flag(
      "seed", .count(0...Int.max), "Everything random follows from it.", standard: "42",
      group: .data),
  ]

  private static let files = [
    Flag("base", .path, "import: the file of rows.", group: .data),
    Flag(
      "query", .path, "import: the file of queries; without it the last rows become the queries.",
      group: .data),
    Flag(
      "skip-bad", .toggle,
      "import: leave out rows that are not finite, or zero under cosine, and say how many.",
      group: .data),
    Flag(
      "format", .choice(["fvecs", "fbin", "npy"]), "gen, import: what to write.",
      standard: "fvecs", group: .output),
    Flag(
      "top-k", short: "k", .count(1...10_000), "Neighbors of each query in the truth.",
      standard: "100", group: .data),
    Flag("no-gt", .toggle, "gen, import: no ground truth.", group: .data),
    Flag(
      "sample", .count(1...10_000_000), "verify: queries whose truth is computed again.",
      standard: "50", group: .quality),
  ]
}
