/// `numerator` / `denominator`, in which a number in words is computed: 128 bits, overflow is noticed.
struct ExactNumber {
  var numerator: Int128
  /// Above 0.
  var denominator: Int128 = 1

  func integer() throws(ValueError) -> Int64 {
    guard numerator % denominator == 0 else { throw .notAnInteger }
    guard let value = Int64(exactly: numerator / denominator) else { throw .outOfRange }
    return value
  }

  /// The nearest floating-point number; for a fraction whose terms have more than 53 bits, one of the two nearest.
  func number() throws(ValueError) -> Double {
    if let exponent = decimalPlaces {
      if let mantissa = UInt64(exactly: numerator.magnitude), let exact = exactDouble(mantissa, -exponent) {
        return numerator < 0 ? -exact : exact
      }
      let value = nearestDouble(digits: Array("\(numerator.magnitude)e-\(exponent)".utf8))
      return numerator < 0 ? -value : value
    }
    return Double(numerator) / Double(denominator)
  }

  /// n when the denominator is 10^n.
  private var decimalPlaces: Int? {
    var rest = denominator
    var places = 0
    while rest > 1 {
      guard rest % 10 == 0 else { return nil }
      rest /= 10
      places += 1
    }
    return places
  }

  var negated: ExactNumber { ExactNumber(numerator: 0 &- numerator, denominator: denominator) }

  /// `nil` on overflow.
  func times(_ factor: Int128) -> ExactNumber? {
    let (product, isOver) = numerator.multipliedReportingOverflow(by: factor)
    return isOver ? nil : ExactNumber(numerator: product, denominator: denominator)
  }

  /// This part of that whole: 三分之一 is `one.divided(by: three)`. `nil` on overflow and for 0.
  func divided(by divisor: ExactNumber) -> ExactNumber? {
    guard divisor.numerator != 0 else { return nil }
    let (upper, isUpperOver) = numerator.multipliedReportingOverflow(by: divisor.denominator)
    let (lower, isLowerOver) = denominator.multipliedReportingOverflow(by: divisor.numerator)
    guard !isUpperOver, !isLowerOver, upper != .min, lower != .min else { return nil }
    if lower > 0 { return ExactNumber(numerator: upper, denominator: lower) }
    return ExactNumber(numerator: 0 - upper, denominator: 0 - lower)
  }

  /// `nil` on overflow.
  func plus(_ other: ExactNumber) -> ExactNumber? {
    let (left, isLeftOver) = numerator.multipliedReportingOverflow(by: other.denominator)
    let (right, isRightOver) = other.numerator.multipliedReportingOverflow(by: denominator)
    let (lower, isLowerOver) = denominator.multipliedReportingOverflow(by: other.denominator)
    let (upper, isUpperOver) = left.addingReportingOverflow(right)
    if isLeftOver || isRightOver || isLowerOver || isUpperOver { return nil }
    return ExactNumber(numerator: upper, denominator: lower)
  }
}
