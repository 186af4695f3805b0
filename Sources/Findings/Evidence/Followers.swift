package import RunRecords

extension RunRecord {
  /// Operations that only ever follow another one on the same worker, as a delete follows the insert
  /// whose place it frees.
  ///
  /// They are due when the first one is over, so each of their responses is its service; where
  /// operations have a due time of their own that never happens by chance. Rates, and what is due or
  /// under way, count the pair once.
  package var followers: [String] {
    guard let arrival = setting("arrival"), arrival != "closed" else { return [] }
    return ["insert", "delete"].filter { name in
      guard let response = result("\(name).response.mean"),
        let service = result("\(name).service.mean"), !service.trials.isEmpty
      else { return false }
      return response.trials == service.trials
    }
  }
}
