import Basics

/// Faults that are work of the language's runtime and library.
enum PlantedRuntime {
  static func work(_ name: String, _ dose: Dose) -> [String: UInt64]? {
    switch name {
    case "retain": retaining(dose)
    case "access": accessing(dose)
    case "cast": casting(dose)
    case "hash": hashing(dose)
    case "text": formatting(dose)
    case "heap": queueing(dose)
    case "sort": sorting(dose)
    case "tasks": hopping(dose)
    case "tasks-clean": computingInTasks(dose)
    default: nil
    }
  }

  // MARK: Reference counting

  private final class Thing {
    var value = 0
  }

  private static let things = 64

  private static func retaining(_ dose: Dose) -> [String: UInt64] {
    let places = UnsafeMutablePointer<Unmanaged<Thing>>.allocate(capacity: things)
    for place in 0..<things {
      // SAFETY: place < things, which is what was allocated; nobody frees them.
      unsafe (places + place).initialize(to: Unmanaged.passRetained(Thing()))
    }
    return dose.mixed {
      Dose.times(50) {
        // SAFETY: all places are initialized, and each reference taken is given up.
        unsafe take(places)
        unsafe giveUp(places)
      }
    }
  }

  // Two functions, or the compiler would see that the one undoes the other.

  @inline(never)
  private static func take(_ places: UnsafeMutablePointer<Unmanaged<Thing>>) {
    var place = 0
    while place < things {
      // SAFETY: the caller's places are initialized, up to `things`.
      _ = unsafe places[place].retain()
      place &+= 1
    }
  }

  @inline(never)
  private static func giveUp(_ places: UnsafeMutablePointer<Unmanaged<Thing>>) {
    var place = 0
    while place < things {
      // SAFETY: as above.
      unsafe places[place].release()
      place &+= 1
    }
  }

  // MARK: Exclusivity

  private static func accessing(_ dose: Dose) -> [String: UInt64] {
    let all = (Thing(), Thing(), Thing(), Thing())
    return dose.mixed { Dose.times(2_000) { increase(all.0, all.1, all.2, all.3) } }
  }

  /// Accesses that last while others begin: each is held against those that are open.
  ///
  /// Few instructions of the caller's stand between them, for those are no part of the fault.
  @inline(never)
  private static func increase(_ one: Thing, _ two: Thing, _ three: Thing, _ four: Thing) {
    add(&one.value, &two.value, &three.value, &four.value)
  }

  @inline(never)
  private static func add(_ a: inout Int, _ b: inout Int, _ c: inout Int, _ d: inout Int) {
    a &+= 1
    b &+= a
    c &+= b
    d &+= c
  }

  // MARK: Types looked up at run time

  private protocol Shape { var corners: Int { get } }

  private struct Square: Shape { let corners = 4 }

  private struct Circle { let radius = 1 }

  private static func casting(_ dose: Dose) -> [String: UInt64] {
    let (square, circle): (Any, Any) = (Square(), Circle())
    var shapes = 0
    // Not from an array: to fetch a value whose type nobody knows is work of the caller.
    return dose.mixed {
      Dose.times(300) {
        if square is any Shape { shapes &+= 1 }
        if circle is any Shape { shapes &+= 1 }
      }
    }
  }

  // MARK: Hashing

  private static func hashing(_ dose: Dose) -> [String: UInt64] {
    let known = Set((0..<64).map { String(repeating: "known \($0) ", count: 40) })
    let asked = (0..<16).map { String(repeating: "asked \($0) ", count: 40) }
    var found = 0
    return dose.mixed {
      Dose.times(20) { for word in asked where known.contains(word) { found &+= 1 } }
    }
  }

  // MARK: Text

  private static func formatting(_ dose: Dose) -> [String: UInt64] {
    var (number, length) = (0.5, 0)
    return dose.mixed {
      Dose.times(1_000) {
        number += 1.25
        length &+= number.description.utf8.count
      }
    }
  }

  // MARK: A queue of candidates

  private static func queueing(_ dose: Dose) -> [String: UInt64] {
    var queue = PlantedBinaryHeap()
    var number: UInt64 = 1
    return dose.mixed {
      Dose.times(2_000) {
        number = number &* 6_364_136_223_846_793_005 &+ 1
        queue.push(number >> 16)
        if queue.count > 200 { queue.removeTop() }
      }
    }
  }

  private static func sorting(_ dose: Dose) -> [String: UInt64] {
    let numbers = (0..<2_000).map { ($0 &* 48_271) % 65_537 }
    var sum = 0
    return dose.mixed { sum &+= numbers.sorted()[7] }
  }

  // MARK: Tasks

  /// A task that gives way again and again, while the thread that made it waits.
  private static func hopping(_ dose: Dose) -> [String: UInt64] {
    dose.mixed {
      let over = Semaphore()
      Task.detached {
        var hops = 0
        while hops < 300 {
          await Task.yield()
          hops &+= 1
        }
        over.give()
      }
      over.wait()
    }
  }

  /// No fault: that work is done by tasks is no cost.
  private static func computingInTasks(_ dose: Dose) -> [String: UInt64] {
    let over = Semaphore()
    Task.detached {
      _ = dose.mixed {}
      over.give()
    }
    over.wait()
    return ["plant": 0, "whole": Clock.processCPU()]
  }
}

/// The largest of some numbers on top.
private struct PlantedBinaryHeap {
  private var numbers: [UInt64] = []

  var count: Int { numbers.count }

  mutating func push(_ number: UInt64) {
    numbers.append(number)
    siftUp()
  }

  mutating func removeTop() {
    numbers.swapAt(0, numbers.count - 1)
    numbers.removeLast()
    siftDown()
  }

  @inline(never)
  private mutating func siftUp() {
    var place = numbers.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard numbers[parent] < numbers[place] else { return }
      numbers.swapAt(parent, place)
      place = parent
    }
  }

  @inline(never)
  private mutating func siftDown() {
    var place = 0
    while true {
      var largest = place
      let (left, right) = (2 * place + 1, 2 * place + 2)
      if left < numbers.count && numbers[left] > numbers[largest] { largest = left }
      if right < numbers.count && numbers[right] > numbers[largest] { largest = right }
      guard largest != place else { return }
      numbers.swapAt(largest, place)
      place = largest
    }
  }
}
