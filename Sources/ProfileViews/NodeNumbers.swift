import Pprof

/// Numbers the nodes of a profile in the order in which its locations name them.
struct NodeNumbers {
  private(set) var keys: [FrameGraph.Key] = []
  private var positions: [FrameGraph.Key: Int32] = [:]
  /// By function, where its key is the same wherever it is called; −1 is not known yet.
  private var ofFunction: [Int32]
  private let profile: Profile
  private let maker: KeyMaker

  init(_ profile: Profile, _ maker: KeyMaker) {
    self.profile = profile
    self.maker = maker
    ofFunction = [Int32](repeating: -1, count: profile.functions.count)
    positions.reserveCapacity(profile.functions.count)
  }

  /// Adds the numbers of a location's nodes, the innermost first.
  mutating func append(_ location: Profile.Location, to places: inout [Int32]) {
    let lines = maker.lines(of: location)
    if lines.isEmpty { places.append(number(maker.key(of: nil, at: location, in: profile))) }
    for line in lines {
      let known = ofFunction[Int(line.function)]
      places.append(known >= 0 ? known : number(line, location))
    }
  }

  private mutating func number(_ line: Profile.Line, _ location: Profile.Location) -> Int32 {
    let key = maker.key(of: line, at: location, in: profile)
    let number = number(key)
    if maker.isOfFunctionAlone(key) { ofFunction[Int(line.function)] = number }
    return number
  }

  private mutating func number(_ key: FrameGraph.Key) -> Int32 {
    if let known = positions[key] { return known }
    let number = Int32(keys.count)
    positions[key] = number
    keys.append(key)
    return number
  }
}
