package import Basics

/// The seam between the store and the operating system, so that tests can fail any call of it.
package protocol StorageFiles: Sendable {
  func open(_ path: String, _ mode: File.Mode) throws(SystemError) -> any StorageFile
  func contents(of path: String) throws(SystemError) -> [UInt8]
  func rename(_ source: String, to target: String) throws(SystemError)
  func remove(_ path: String) throws(SystemError)
  func synchronizeDirectory(_ path: String) throws(SystemError)
}

/// An open file of the store, closed when the last holder lets go of it.
package protocol StorageFile: AnyObject, Sendable {
  func write(_ bytes: RawSpan, at offset: Int) throws(SystemError)
  func synchronizeData() throws(SystemError)
  func truncate(to size: Int) throws(SystemError)
}

/// The real files.
package struct SystemFiles: StorageFiles {
  package init() {}

  package func open(_ path: String, _ mode: File.Mode) throws(SystemError) -> any StorageFile {
    SystemFile(try File(path, mode))
  }

  package func contents(of path: String) throws(SystemError) -> [UInt8] {
    try FileSystem.contents(of: path)
  }

  package func rename(_ source: String, to target: String) throws(SystemError) {
    try FileSystem.rename(source, to: target)
  }

  package func remove(_ path: String) throws(SystemError) { try FileSystem.remove(path) }

  package func synchronizeDirectory(_ path: String) throws(SystemError) {
    try FileSystem.synchronizeDirectory(path)
  }

  private final class SystemFile: StorageFile {
    private let file: File

    init(_ file: consuming File) { self.file = file }

    func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) {
      try file.write(bytes, at: offset)
    }

    func synchronizeData() throws(SystemError) { try file.synchronizeData() }

    func truncate(to size: Int) throws(SystemError) { try file.truncate(to: size) }
  }
}
