import Basics

/// How long something is watched: until it ends, the time is over, or Ctrl-C.
struct WatchWindow {
  private let began = Clock.now()
  private let seconds: Double?

  init(seconds: Double?) { self.seconds = seconds }

  var isOver: Bool {
    Interrupts.count > 0 || seconds.map { Double(Clock.now() - began) / 1e9 >= $0 } ?? false
  }

  func wait(while goesOn: () -> Bool) {
    while goesOn(), !isOver { Self.pause() }
  }

  static func pause() { Clock.sleep(until: Clock.now() + 5_000_000) }
}
