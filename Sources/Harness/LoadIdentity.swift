import Workloads

extension WorkloadSettings {
  /// Whether a store that was loaded for these settings serves the others as well.
  ///
  /// What can be chosen when a store is opened (kernel, scratch memory, durability …) does not
  /// count; neither does what is asked of it.
  package func loadsLike(_ other: WorkloadSettings) -> Bool { loaded == other.loaded }

  private var loaded: WorkloadSettings {
    var same = WorkloadSettings(dataset: dataset)
    same.dataset.queries = 0
    same.dataset.querySource = .heldout
    (same.m, same.efConstruction) = (m, efConstruction)
    return same
  }

  /// The same rows and graph, by the quickest way there: for a store that several arms share.
  package var forSharedLoad: WorkloadSettings {
    let standard = WorkloadSettings(dataset: dataset)
    var settings = self
    settings.kernel = standard.kernel
    settings.scratch = standard.scratch
    settings.visited = standard.visited
    return settings
  }
}
