import Basics
import ForeignProfiles
import Pprof

/// Profiles of any tool, from a file.
enum ForeignFile {
  static func read(
    _ path: String
  ) throws(Failure) -> (format: ForeignProfile.Format, profile: Profile) {
    do {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return try ForeignProfile.read(try bytes(path), name: name)
    } catch let error as ForeignError {
      throw Failure(.badInput, "\(path) \(error).")
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(.badInput, "\(path) cannot be read: \(error).")
    }
  }

  /// The content of a file that is not too large to be read at once.
  static func bytes(_ path: String) throws(Failure) -> [UInt8] {
    if let size = FileSystem.size(of: path), size > ProfileLimits.standard.uncompressedBytes {
      throw Failure(
        .badInput,
        "\(path) has \(size >> 20) MiB; vbench reads profiles up to "
          + "\(ProfileLimits.standard.uncompressedBytes >> 20) MiB.")
    }
    do throws(SystemError) { return try FileSystem.contents(of: path) } catch {
      throw Failure(.badInput, "\(path) cannot be read: \(error.reason).")
    }
  }
}
