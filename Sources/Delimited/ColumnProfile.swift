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
  /// Quotes at its ends do not count: they may be what is wrong.
  func likelihood(_ whole: ArraySlice<UInt8>) -> Double {
    guard count > 0 else { return 0.05 }
    var cell = whole
    while let first = cell.first, first == 0x22 { cell.removeFirst() }
    while let last = cell.last, last == 0x22 { cell.removeLast() }
    let share = { (found: Int?) in Double(found ?? 0) / Double(count) }
    return 0.6 * share(exact[CellShape.exact(cell)]) + 0.3 * share(coarse[CellShape.coarse(cell)])
      + 0.098 * share(kinds[CellKind(String(decoding: cell.prefix(64), as: UTF8.self))]) + 0.002
  }

  /// Whether a cell is no stranger to the column than those that are in it, or made of the same parts as most.
  func admits(_ cell: ArraySlice<UInt8>) -> Bool {
    let ofTheSameParts = 0.35
    return !isTyped || likelihood(cell) >= min(leastUsual * 0.9, ofTheSameParts)
  }

  fileprivate mutating func learn(_ whole: ArraySlice<UInt8>) {
    var cell = whole
    while let first = cell.first, first == 0x22 { cell.removeFirst() }
    while let last = cell.last, last == 0x22 { cell.removeLast() }
    count += 1
    exact[CellShape.exact(cell), default: 0] += 1
    coarse[CellShape.coarse(cell), default: 0] += 1
    kinds[CellKind(String(decoding: cell.prefix(64), as: UTF8.self)), default: 0] += 1
  }

  fileprivate mutating func finish(_ cells: [ArraySlice<UInt8>]) {
    guard count > 0 else { return }
    let likelihoods = cells.map(likelihood)
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
      let cells = rows.map { $0[column][...] }
      var profile = ColumnProfile()
      for cell in cells { profile.learn(cell) }
      profile.finish(cells)
      return profile
    }
  }

  var hasTyped: Bool { columns.contains(where: \.isTyped) }

  /// How well the cells of a row suit the columns: the higher the better, at most 0.
  func fit(_ cells: [[UInt8]]) -> Double {
    zip(columns, cells).reduce(0) { $0 + Logarithm.of($1.0.likelihood($1.1[...])) }
  }

  /// Whether no cell is out of place.
  package func admits(_ cells: [[UInt8]]) -> Bool { zip(columns, cells).allSatisfy { $0.admits($1[...]) } }
}

/// The shape of a text: 12/03/2019 is 99/99/9999, or 9/9/9.
private enum CellShape {
  private static let longest = 40

  static func exact(_ cell: ArraySlice<UInt8>) -> [UInt8] {
    var shape: [UInt8] = []
    for byte in cell where byte & 0xC0 != 0x80 {
      shape.append(kind(byte))
      if shape.count == longest { break }
    }
    return shape
  }

  static func coarse(_ cell: ArraySlice<UInt8>) -> [UInt8] {
    var shape: [UInt8] = []
    for byte in cell where byte & 0xC0 != 0x80 {
      let kind = kind(byte) & 0xDF == 0x41 ? UInt8(ascii: "a") : kind(byte)
      if shape.last != kind { shape.append(kind) }
      if shape.count == longest { break }
    }
    return shape
  }

  private static func kind(_ byte: UInt8) -> UInt8 {
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
