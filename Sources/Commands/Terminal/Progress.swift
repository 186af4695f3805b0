import Basics
import Glibc
import Synchronization

/// One live line on standard error, with what is happening and how long it will still take.
///
/// Shown only where a person watches; elsewhere each step is one plain line, and `--quiet` says
/// nothing. Nothing is drawn before a step has lasted a moment, so short steps do not flicker.
final class Progress: Sendable {
  private let style: Style
  private let state = Mutex(State())

  private enum Style { case silent, lines, live }

  private struct State {
    var step = ""
    var fraction = 0.0
    var started: UInt64 = 0
    var drawn: UInt64 = 0
    var isDrawn = false
  }

  init(quiet: Bool) {
    style = quiet ? .silent : Terminal.isInteractive ? .live : .lines
  }

  /// Begins a step.
  ///
  /// `fraction` is how much of the whole job is done by now.
  func begin(_ step: String, fraction: Double) {
    state.withLock { state in
      if state.started == 0 { state.started = Clock.now() }
      state.step = step
      state.fraction = fraction
      if style == .lines { Terminal.note(step) }
      if style == .live { draw(&state) }
    }
  }

  /// Moves the bar inside a step; drawing is limited to a few times a second.
  func update(fraction: Double) {
    guard style == .live else { return }
    state.withLock { state in
      state.fraction = max(state.fraction, fraction)
      if Clock.now() &- state.drawn > 100_000_000 { draw(&state) }
    }
  }

  /// Says something beside the line without tearing it.
  func say(_ text: String) {
    if style == .silent { return }
    state.withLock { state in
      clear(&state)
      Terminal.note(text)
    }
  }

  /// Takes the line away.
  func end() { state.withLock { clear(&$0) } }

  private func draw(_ state: inout State) {
    state.drawn = Clock.now()
    let elapsed = Double(state.drawn - state.started) / 1e9
    let filled = Int((state.fraction * 20).rounded())
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    let left = state.fraction > 0.02 ? elapsed / state.fraction * (1 - state.fraction) : nil
    let eta = left.map { " about \(Int($0.rounded(.up))) s left" } ?? ""
    let line = "\(bar) \(Int(state.fraction * 100)) %  \(state.step)\(eta)"
    write("\r\u{1B}[2K" + line.prefix(max(20, Terminal.width - 1)))
    state.isDrawn = true
  }

  private func clear(_ state: inout State) {
    if state.isDrawn { write("\r\u{1B}[2K") }
    state.isDrawn = false
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    // SAFETY: the array is borrowed for the call; a line that fails to draw is no loss.
    _ = unsafe bytes.withUnsafeBytes { buffer in
      unsafe Glibc.write(STDERR_FILENO, buffer.baseAddress, buffer.count)
    }
  }
}
