/// A file whose functions could not be named, and where its names were looked for.
package struct UnnamedFile: Sendable, Equatable {
  package let path: String
  /// Empty when the file does not say of which build it is.
  package let buildID: String
  /// How many places in it, each counted once, are only known by their offset.
  package let frames: Int
  /// The debug files that would have helped, the likeliest first; none of them is there, is of the
  /// same build and knows these places.
  package let lookedFor: [String]

  /// Without its folder.
  package var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}
