/// What the cells of a column look like in the rows that are regular, so that of several ways to read another row the one can
/// be told that a person would take.
struct ColumnProfile: Sendable {
  /// Cells by their shape, character by character; by the sequence of their parts; by their kind.
  private var exact: [[UInt8]: Int] = [:]
  private var coarse: [[UInt8]: Int] = [:]
  private var kinds: [CellKind: Int] = [:]
  private var count = 0
  /// Of the cells that were learned the least usual.
  private var leastUsual = 1.0
  /// Whether its cells are much alike, so that one that is not is out of place.
  private(set) var isTyped = false

  /// The likelihood of a cell, about 0.002 to 1. A column of free text gives every text the same low one.
  func likelihood(_ look: CellLook) -> Double {
    guard count > 0 else { return 0.05 }
    let share = { (found: Int?) in Double(found ?? 0) / Double(count) }
    return 0.6 * share(exact[look.exact]) + 0.3 * share(coarse[look.coarse]) + 0.098 * share(kinds[look.kind]) + 0.002
  }

  /// Whether a cell is no stranger to the column than those that are in it, or made of the same parts as most.
  func admits(_ cell: ArraySlice<UInt8>) -> Bool {
    let ofTheSameParts = 0.35
    return !isTyped || likelihood(CellLook(cell)) >= min(leastUsual * 0.9, ofTheSameParts)
  }

  fileprivate mutating func learn(_ looks: [CellLook]) {
    for look in looks {
      count += 1
      exact[look.exact, default: 0] += 1
      coarse[look.coarse, default: 0] += 1
      kinds[look.kind, default: 0] += 1
    }
    guard count > 0 else { return }
    let likelihoods = looks.map(likelihood)
    leastUsual = likelihoods.min() ?? 1
    isTyped = count > 2 && likelihoods.reduce(0, +) / Double(count) > 0.4
  }
}

/// The columns of a table.
package struct ColumnProfiles: Sendable {
  let columns: [ColumnProfile]
  private static let learned = 300

  /// - Parameter rows: regular rows, each of as many cells as the table has columns.
  init?(_ rows: [[[UInt8]]], width: Int) {
    let rows = rows.prefix(Self.learned).filter { $0.count == width }
    guard width > 1, rows.count > 1 else { return nil }
    columns = (0..<width).map { column in
      var profile = ColumnProfile()
      profile.learn(rows.map { CellLook($0[column][...]) })
      return profile
    }
  }

  var hasTyped: Bool { columns.contains(where: \.isTyped) }

  /// How well the cells of a row suit the columns: the higher the better, at most 0.
  func fit(_ cells: [[UInt8]]) -> Double {
    zip(columns, cells).reduce(0) { $0 + Logarithm.of($1.0.likelihood(CellLook($1.1[...]))) }
  }

  /// Whether no cell is out of place.
  package func admits(_ cells: [[UInt8]]) -> Bool { zip(columns, cells).allSatisfy { $0.admits($1[...]) } }
}

/// What counts of a cell when it is compared with a column. The shape of 12/03/2019 is 99/99/9999, or 9/9/9.
struct CellLook {
  let exact: [UInt8]
  let coarse: [UInt8]
  let kind: CellKind
  private static let longest = 40

  /// Quotes at the ends do not count: they may be what is wrong.
  init(_ whole: ArraySlice<UInt8>) {
    var cell = whole
    while let first = cell.first, first == 0x22 { cell.removeFirst() }
    while let last = cell.last, last == 0x22 { cell.removeLast() }
    var exact: [UInt8] = []
    var coarse: [UInt8] = []
    let kinds = Self.kinds
    for byte in cell where byte & 0xC0 != 0x80 {
      let kind = kinds[Int(byte)]
      if exact.count < Self.longest { exact.append(kind) }
      let part = kind == UInt8(ascii: "A") ? UInt8(ascii: "a") : kind
      if coarse.last != part { coarse.append(part) }
      if coarse.count == Self.longest { break }
    }
    self.exact = exact
    self.coarse = coarse
    kind = CellKind(String(decoding: cell.prefix(64), as: UTF8.self))
  }

  private static let kinds: [UInt8] = (UInt8.min...UInt8.max).map { byte in
    switch byte {
    case 0x30...0x39: UInt8(ascii: "9")
    case 0x41...0x5A: UInt8(ascii: "A")
    case 0x61...0x7A: UInt8(ascii: "a")
    case 0x80...: UInt8(ascii: "C")
    default: byte
    }
  }
}

/// Natural logarithm of what is above 0 and at most 1, to four places: enough to compare by, and the same everywhere.
enum Logarithm {
  static func of(_ value: Double) -> Double {
    let exponent = Double(value.exponent) + 1
    let part = value.significand / 2  // 0.5 to 1
    let ratio = (part - 1) / (part + 1)
    let square = ratio * ratio
    let series = 2 * ratio * (1 + square * (1 / 3.0 + square * (1 / 5.0 + square * (1 / 7.0 + square / 9))))
    return exponent * 0.693147180559945 + series
  }
}
