import Vocabulary

extension Rule {
  /// The rules about what the kernel does for a program, beside single system calls.
  static let kernelWork: [Rule] = [
    .group(
      "K4", "Network in the kernel", [.tcp], atLeast: 0.10,
      text: Text(
        means: ["The kernel spends CPU on packets: sending, receiving, acknowledging."],
        doesNotMean: "It does not mean that the network is slow, or full.",
        advice: [
          Recommendation(
            "Send fewer, larger messages (batch requests, gather headers and body in one write)",
            effort: .medium, risk: "low; a batch waits for its slowest part"),
          Recommendation(
            "On one machine, use Unix sockets or shared memory", effort: .small, risk: "low"),
        ],
        falsifier: "Messages of twice the size leave the CPU for one byte as it is.")),
    .group(
      "K5", "Copying to and from the kernel", [.userCopy], atLeast: 0.05,
      text: Text(
        means: [
          "Bytes are copied across the border of the kernel by read, write, send and receive."
        ],
        doesNotMean: "It does not mean that single calls are dear; they move much.",
        advice: [
          Recommendation(
            "Map files instead of reading them, or keep what is read again and again",
            effort: .medium, risk: "medium; errors arrive as signals")
        ],
        falsifier: "With mapped files the CPU for one operation is the same.")),
  ]
}
