import Measurement
import Testing

struct NumberTextTests {
  @Test(arguments: [
    (0.0, MetricUnit.seconds, "0 s"), (0.00123456, .seconds, "1.23 ms"),
    (83e-9, .seconds, "83.0 ns"), (0.0157, .seconds, "15.7 ms"), (59.96, .seconds, "60.0 s"),
    (12_345, .perSecond, "12.3 k/s"), (412, .perSecond, "412/s"), (0.991, .ratio, "99.1 %"),
    (0.0123, .ratio, "1.23 %"), (1_048_576, .bytes, "1.00 MiB"), (512, .bytes, "512 B"),
    (3, .count, "3"), (.nan, .seconds, "unknown"),
  ])
  func `a value reads like this`(value: Double, unit: MetricUnit, text: String) {
    #expect(NumberText.text(value, unit) == text)
  }

  @Test func `counts are grouped by thousands`() {
    #expect(NumberText.count(1_234_567) == "1,234,567")
    #expect(NumberText.count(-12) == "-12")
  }

  @Test func `changes carry their sign`() {
    #expect(NumberText.change(0.032) == "+3.20 %")
    #expect(NumberText.change(-0.5) == "−50.0 %")
  }
}
