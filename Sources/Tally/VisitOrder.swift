/// Visits as numbers that are in the order of units, teams, methods and days as the visits are: to put numbers in order takes a
/// tenth of the time.
struct VisitOrder {
  /// Of units, teams and methods, and of days with a place behind the last for visits without one.
  private let lowest: SIMD4<Int32>
  private let undated: Int32
  /// Where the bits of each begin.
  private let shifts: SIMD4<UInt64>
  private let bits: Int

  private let units: Range<Int32>

  /// - Parameter units: whose visits are put in order.
  /// - Returns: `nil` when the numbers would not have enough bits.
  init?(_ visits: [VisitDays.Visit], of units: Range<Int32>) {
    self.units = units
    var lowest = SIMD4<Int32>(repeating: .max)
    var highest = SIMD4<Int32>(repeating: .min)
    for visit in visits where units.contains(visit.place.unit) {
      var fields = visit.fields
      lowest = pointwiseMin(lowest, fields)
      if visit.day == VisitDays.Visit.undated { fields[3] = .min }
      highest = pointwiseMax(highest, fields)
    }
    // Without a visit that has a day there is nothing above the lowest.
    undated = max(highest[3], min(lowest[3], VisitDays.Visit.undated - 1)) &+ 1
    highest[3] = undated
    lowest[3] = min(lowest[3], undated)
    var shifts = SIMD4<UInt64>()
    var bits = 0
    for field in [3, 2, 1, 0] {
      shifts[field] = UInt64(bits)
      bits += Int64.bitWidth - max(0, Int64(highest[field]) - Int64(lowest[field])).leadingZeroBitCount
    }
    guard bits <= UInt64.bitWidth else { return nil }
    (self.lowest, self.shifts, self.bits) = (lowest, shifts, bits)
  }

  /// Each visit once, in order.
  func distinct(_ visits: [VisitDays.Visit]) -> [VisitDays.Visit] {
    var numbers: [UInt64] = []
    numbers.reserveCapacity(visits.count)
    for visit in visits where units.contains(visit.place.unit) { numbers.append(number(visit)) }
    sort(&numbers, bits: bits)
    var distinct: [VisitDays.Visit] = []
    distinct.reserveCapacity(numbers.count)
    var last: UInt64?
    for number in numbers where number != last {
      distinct.append(visit(number))
      last = number
    }
    return distinct
  }

  @inline(__always)
  private func number(_ visit: VisitDays.Visit) -> UInt64 {
    var fields = visit.fields
    fields[3] = min(fields[3], undated)
    let parts = SIMD4<UInt64>(truncatingIfNeeded: SIMD4<UInt32>(truncatingIfNeeded: fields &- lowest)) &<< shifts
    return parts.wrappedSum()
  }

  @inline(__always)
  private func visit(_ number: UInt64) -> VisitDays.Visit {
    func field(_ place: Int, below end: UInt64) -> Int32 {
      Int32(truncatingIfNeeded: (number & (end &- 1)) &>> shifts[place]) &+ lowest[place]
    }
    let day = field(3, below: 1 &<< shifts[2])
    return VisitDays.Visit(
      place: .init(
        unit: Int32(truncatingIfNeeded: number >> shifts[0]) &+ lowest[0], team: field(1, below: 1 << shifts[0]),
        method: field(2, below: 1 << shifts[1])),
      day: day == undated ? VisitDays.Visit.undated : day)
  }
}

extension VisitDays.Visit {
  fileprivate var fields: SIMD4<Int32> { SIMD4(place.unit, place.team, place.method, day) }
}

/// Puts numbers of so many bits in order, digit by digit from the last: each digit is counted, then dealt.
func sort(_ numbers: inout [UInt64], bits: Int) {
  let width: UInt64 = 11
  var dealt = numbers
  var first: UInt64 = 0
  while first < bits {
    var ends = [Int](repeating: 0, count: 1 << width)
    let mask = UInt64(ends.count - 1)
    for number in numbers { ends[Int(truncatingIfNeeded: number >> first & mask)] += 1 }
    var total = 0
    for digit in ends.indices {
      (ends[digit], total) = (total, total + ends[digit])
    }
    for number in numbers {
      let digit = Int(truncatingIfNeeded: number >> first & mask)
      dealt[ends[digit]] = number
      ends[digit] += 1
    }
    swap(&numbers, &dealt)
    first += width
  }
}
