import Basics
import Measurement
import Workloads

/// How right a trial's answers were, found out when nobody is measured any more.
struct TrialScoring {
  let settings: WorkloadSettings
  let source: VectorSource
  let files: TrialFiles

  /// Holds what searches found against what they should have, by the lives of all ids.
  func score(_ book: TrialBook, _ outcome: inout TrialOutcome) throws {
    let lives = book.lives.lives()
    let scorer = try RecallScorer(
      source, lives: lives, truth: lives.isEmpty ? try truth() : nil,
      threads: Self.scoringThreads)
    outcome.lostGets = book.missed.count { scorer.wasThere($0.id, from: $0.start, to: $0.end) }
    outcome.lookedFor = book.lags.count
    outcome.unfound = book.lags.count { sample in
      sample.found == nil
        && scorer.wasThere(sample.vector, from: sample.acknowledged, to: sample.lastMiss ?? 0)
    }
    let scored = try scores(Array(book.observations.prefix(settings.recallSamples)), scorer)
    outcome.recallBefore = try rest(book.before, scorer)
    outcome.recallAfter = try rest(book.after, scorer)
    if scored.isEmpty { return }
    outcome.recall = Self.recall(scored.map(\.1))
    outcome.recallByPart = Dictionary(grouping: scored.filter { $0.0.selectivity != nil }) {
      WorkerLog.Part(selectivity: $0.0.selectivity).name
    }.mapValues { Self.recall($0.map(\.1)) }
    try files.write(scored)
  }

  /// What the data's own ground truth says, where it was found to belong to what is asked.
  private func truth() throws -> TruthTable? {
    let data = settings.dataset
    guard let path = data.files?.truth, settings.selectivities.isEmpty else { return nil }
    return try TruthTable(path, baseRows: data.rows, queries: data.queries)
  }

  private static func recall(_ scores: [RecallScorer.Score]) -> TrialOutcome.Recall {
    TrialOutcome.Recall(
      lower: Summary(scores.map(\.lower)).mean, upper: Summary(scores.map(\.upper)).mean,
      samples: scores.count)
  }

  private static let scoringThreads = 2

  /// Of searches that nobody wrote beside; nil where there was nothing to find.
  private func rest(
    _ observations: [RecallScorer.Observation], _ scorer: RecallScorer
  ) throws -> Double? {
    let scored = try scores(observations, scorer)
    return scored.isEmpty ? nil : Summary(scored.map(\.1.lower)).mean
  }

  /// What could be scored, in order.
  private func scores(
    _ chosen: [RecallScorer.Observation], _ scorer: RecallScorer
  ) throws -> [(RecallScorer.Observation, RecallScorer.Score)] {
    let (k, threads, together) = (settings.topK, Self.scoringThreads, RecallScorer.together)
    let blocks = stride(from: 0, to: chosen.count, by: together).map {
      chosen[$0..<min($0 + together, chosen.count)]
    }
    let parts = try WorkerThreads.run(count: threads, name: "score") { part in
      stride(from: part, to: blocks.count, by: threads).map {
        ($0, scorer.scores(Array(blocks[$0]), k: k))
      }
    }
    return parts.flatMap(\.self).sorted { $0.0 < $1.0 }.flatMap { block, scores in
      zip(blocks[block], scores).compactMap { seen, score in score.map { (seen, $0) } }
    }
  }
}
