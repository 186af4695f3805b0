import Measurement
import Testing

struct NumberTextTests {
  @Test(arguments: [
    (0.0, MetricUnit.seconds, "0 s"), (0.00123456, .seconds, "1.23 ms"),
    (83e-9, .seconds, "83.0 ns"), (0.0157, .seconds, "15.7 ms"), (59.96, .seconds, "60.0 s"),
    (12_345, .perSecond, "12.3 k/s"), (412, .perSecond, "412/s"), (0.991, .ratio, "99.1 %"),
    (0.0123, .ratio, "1.23 %"), (1_048_576, .bytes, "1.00 MiB"), (512, .bytes, "512 B"),
    (3, .count, "3"), (.nan, .seconds, "unknown"), (0.99996e-3, .seconds, "1.00 ms"),
    (0.9999999, .seconds, "1.00 s"),
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

  @Test func `an interval is told as its farther side in percent`() {
    let estimate = Estimate(
      value: 0.002, interval: .init(low: 0.0019, high: 0.0022, method: "t"), count: 5)
    #expect(NumberText.text(estimate, .seconds) == "2.00 ms ± 10.0 %")
    #expect(NumberText.text(Estimate(value: 0.002, count: 1), .seconds) == "2.00 ms")
    #expect(
      NumberText.plusMinus(
        Estimate(value: 0, interval: .init(low: 0, high: 1, method: "t"), count: 2)) == nil)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `a share of nothing is unknown in every form, never a number`(value: Double) {
    for text in [
      NumberText.percent(value), NumberText.change(value), NumberText.ratio(value),
      NumberText.duration(value), NumberText.bytes(value), NumberText.significant(value),
      NumberText.text(value, .ratio), NumberText.text(value, .count),
    ] { #expect(text == "unknown") }
  }

  @Test func `totals of two to the sixty-third and beyond keep their size`() {
    #expect(NumberText.text(9.223372036854775808e18, .count) == "9223372037 G")
    #expect(NumberText.bytes(9.223372036854775808e18) == "8388608 TiB")
    #expect(NumberText.count(.max) == "9,223,372,036,854,775,807")
    #expect(!NumberText.text(1e300, .count).isEmpty)
  }

  @Test func `ratios and the least integer have a text`() {
    #expect(NumberText.ratio(0.98) == "0.98")
    #expect(NumberText.ratio(3.1) == "3.10")
    #expect(NumberText.ratio(31.04) == "31.0")
    #expect(NumberText.count(.min) == "-9,223,372,036,854,775,808")
  }
}
