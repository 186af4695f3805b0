import Basics

/// The calls that counting makes, so that a test can answer in the kernel's place.
protocol CounterSystem: Sendable {
  /// Opens a counter that stands still until its leader is enabled; −1 makes it its own leader.
  func open(
    _ event: EventName, tid: Int32, leader: Int32, excludesKernel: Bool
  ) throws(SystemError) -> Int32

  func enable(_ descriptor: Int32) throws(SystemError)
  func disable(_ descriptor: Int32) throws(SystemError)
  func read(_ descriptor: Int32) throws(SystemError) -> CounterReading
  func close(_ descriptor: Int32)

  func threads(of pid: Int32) -> [Int32]

  /// How often the threads of a process have left their cores, as the kernel's books say; nil when
  /// they cannot be read.
  func switches(of pid: Int32) -> UInt64?
}
