/// speedscope's own file format, as far as stacks and their weights go.
///
/// Frames are numbered, stacks are lists of numbers from the root on; a file may hold several
/// profiles, one for each thread or each kind of weight.
struct SpeedscopeFile: Codable {
  struct Frame: Codable, Hashable {
    var name: String
    var file: String?
    var line: Int?
    var col: Int?
  }

  struct Shared: Codable { var frames: [Frame] }

  struct Event: Codable {
    var type: String
    var frame: Int
    var at: Double
  }

  struct Part: Codable {
    var type: String
    var name: String
    var unit: String
    var startValue: Double?
    var endValue: Double?
    var samples: [[Int32]]?
    var weights: [Double]?
    /// Instead of samples: frames that open and close.
    var events: [Event]?
  }

  var schema: String
  var name: String?
  var exporter: String?
  var activeProfileIndex: Int?
  var shared: Shared
  var profiles: [Part]

  static let ourExporter = "vbench"
  static let schema = "https://www.speedscope.app/file-format-schema.json"

  enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case name, exporter, activeProfileIndex, shared, profiles
  }
}
