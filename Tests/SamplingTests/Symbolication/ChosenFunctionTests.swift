import Foundation
import Testing

@testable import Sampling

struct ChosenFunctionTests {
  @Test(arguments: ["memset", "memmove"])
  func `the variant that the loader chose has its name, with no symbol for it`(name: String) throws
  {
    // For a function that is chosen at load time dlsym answers the choice, not the chooser.
    // SAFETY: the C library is loaded already and stays; both answers are checked.
    let library = unsafe dlopen("libc.so.6", RTLD_NOW)
    let target = unsafe UInt64(UInt(bitPattern: dlsym(library, name)))
    #expect(target != 0)
    let space = try AddressSpace(pid: getpid())
    let chosen = ChosenFunctions(pid: getpid(), space, ImageCache())
    let found = chosen.name(at: target)
    // Both are called all the time, so they are bound; one variant may serve two functions, and
    // then it has the shorter name.
    #expect(["memset", "memmove", "memcpy", "strlen"].contains(found), "\(name): \(found ?? "-")")
  }

  @Test func `a process that may not be read has no chosen functions`() throws {
    let space = try AddressSpace(pid: getpid())
    #expect(ChosenFunctions(pid: 0, space, ImageCache()).isEmpty)
  }

  @Test func `an address inside a function leads to where it begins`() throws {
    let space = try AddressSpace(pid: getpid())
    let region = try #require(
      space.regions.first { $0.path.contains("libc.so") && $0.isExecutable })
    let image = try #require(ElfFile(path: region.path))
    let sized = try #require(image.symbols.first { $0.size > 200 })
    #expect(image.functionStart(of: sized.address + 100) == sized.address)
  }
}
