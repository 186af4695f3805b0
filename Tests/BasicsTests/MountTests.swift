import Testing

@testable import Basics

struct MountTests {
  private let table = """
    22 27 0:21 / /proc rw,relatime - proc proc rw
    27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
    28 27 8:1 / /data rw shared:7 master:2 - xfs /dev/sda1 rw
    29 28 0:31 / /data/my\\040own rw - tmpfs tmpfs rw,size=4k
    30 28 0:32 / /data/far rw - nfs4 server:/export rw
    31 27 0:33 / /data rw - overlay overlay rw,volatile
    broken line
    """

  private func mount(_ path: String) -> Mount? { Mount.holding(path, in: table) }

  @Test func `a path lies on the longest mount point that is above it, by whole names`() {
    #expect(mount("/home/a")?.deviceName == "vda")
    #expect(mount("/database")?.type == "ext4")
    #expect(mount("/proc/1")?.type == "proc")
    #expect(mount("/")?.device == "254:0")
  }

  @Test func `of two mounts at one point the later one is on top`() {
    #expect(mount("/data")?.type == "overlay")
    #expect(mount("/data/x")?.options == ["rw", "volatile"])
  }

  @Test func `what the kernel escaped is read back`() {
    #expect(mount("/data/my own/x")?.isMemory == true)
    #expect(mount("/data/my")?.isMemory == false)
  }

  @Test func `a device without a name of its own is told from others and tells no host`() {
    let far = mount("/data/far")
    #expect(far?.deviceName.hasPrefix("nfs4-") == true)
    #expect(far?.deviceName.contains("server") == false)
    #expect(far?.deviceName != mount("/data")?.deviceName)
  }

  @Test func `this process lies on some mount`() {
    #expect(Mount.holding("/proc/self")?.type == "proc")
  }
}
