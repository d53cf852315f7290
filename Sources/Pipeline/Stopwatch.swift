import Glibc
import Report

/// Durations by stage: written apart from everything that can be reproduced.
struct Stopwatch: Sendable {
  private var laps: [(stage: String, seconds: Double)] = []
  private let start = Self.now()
  private var last = Self.now()
  /// Records that need not be counted again, because an earlier run did.
  var knownRecords = 0

  mutating func lap(_ stage: String) {
    let now = Self.now()
    laps.append((stage, now - last))
    last = now
  }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Seconds by stage, to the microsecond.
  var json: JSONValue {
    func rounded(_ seconds: Double) -> JSONValue { .number((seconds * 1e6).rounded() / 1e6) }
    let known = knownRecords > 0 ? [("records_known", JSONValue.integer(knownRecords))] : []
    return .object(laps.map { ($0.stage, rounded($0.seconds)) } + [("total", rounded(last - start))] + known)
  }
}
