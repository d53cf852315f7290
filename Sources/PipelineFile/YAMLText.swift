import Diagnostics

/// Text on its way to the YAML parser: scalars, and where each stands in the file.
///
/// Every `*` is replaced by a scalar that the text does not hold. It means an alias at the beginning of a plain scalar and
/// nothing anywhere else, so no meaning is lost, and the parser, which would copy and compare what aliases name (and
/// never come back from a file made for that), sees none: `YAMLReader` resolves them and counts.
struct YAMLText {
  let file: String
  let scalars: [Unicode.Scalar]
  /// Stands for `*`.
  let star: Unicode.Scalar
  /// Bytes before each scalar, and one entry for the end.
  private let offsets: [Int]
  /// Places in `scalars` at which lines begin.
  private let lineStarts: [Int]

  /// libyaml refuses these, or takes them for line breaks that no editor shows.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: false
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  init?(_ bytes: [UInt8], file: String, reader: NodeReader) {
    self.file = file
    guard let text = String(validating: bytes, as: UTF8.self) else {
      reader.report(.pipelineNotUTF8, at: SourceLocation(file: file, line: Self.lineOfFirstFault(bytes)))
      return nil
    }
    var written = Array(text.unicodeScalars)
    if written.first?.value == 0xFEFF { written.removeFirst() }
    var offsets: [Int] = [0]
    var lineStarts: [Int] = [0]
    guard let star = Self.spare(beside: written) else {
      reader.report(.pipelineNotUTF8, at: SourceLocation(file: file))
      return nil
    }
    offsets.reserveCapacity(written.count + 1)
    var offset = 0
    for (index, scalar) in written.enumerated() {
      offset += UTF8.width(scalar)
      offsets.append(offset)
      let endsLine = scalar == "\n" || (scalar == "\r" && !(index + 1 < written.count && written[index + 1] == "\n"))
      if endsLine { lineStarts.append(index + 1) }
      if scalar == "*" { written[index] = star }
    }
    (self.star, self.offsets, self.lineStarts) = (star, offsets, lineStarts)
    scalars = written
    if let index = scalars.firstIndex(where: Self.isForbidden) {
      reader.report(
        .pipelineSyntax, at: place(index), found: String(scalars[index]),
        [expected("可见字符", "text without control characters")])
      return nil
    }
  }

  var string: String {
    // Not `append(contentsOf:)`, which is slow for scalars.
    var text = String.UnicodeScalarView()
    for scalar in scalars { text.append(scalar) }
    return String(text)
  }

  /// Place in `scalars` of a mark of the parser, which counts lines and scalars from 1.
  func index(line: Int, column: Int) -> Int {
    guard lineStarts.indices.contains(line - 1) else { return scalars.count }
    return max(0, min(scalars.count, lineStarts[line - 1] + column - 1))
  }

  func place(_ index: Int) -> SourceLocation {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= index { low = middle } else { high = middle }
    }
    return SourceLocation(file: file, line: low + 1, column: offsets[index] - offsets[lineStarts[low]] + 1)
  }

  /// The scalar at a place that `place(_:)` gave.
  func index(of place: SourceLocation) -> Int {
    guard lineStarts.indices.contains(place.line - 1) else { return scalars.count }
    var index = lineStarts[place.line - 1]
    let offset = offsets[index] + place.column - 1
    while index < scalars.count, offsets[index] < offset { index += 1 }
    return index
  }

  /// Where each scalar of a YAML scalar's content stands, and its end. The content is the text between, without quotes,
  /// indentation and line breaks: each character of it is the next like it in the file.
  ///
  /// - Parameter place: of the YAML scalar.
  func places(of content: String, at place: SourceLocation) -> [SourceLocation] {
    var index = index(of: place)
    if scalars.indices.contains(index), scalars[index] == "|" || scalars[index] == ">" {
      while index < scalars.count, scalars[index] != "\n" { index += 1 }
    } else if scalars.indices.contains(index), scalars[index] == "\"" || scalars[index] == "'" {
      index += 1
    }
    var places: [SourceLocation] = []
    for scalar in content.unicodeScalars {
      let sought = scalar == "*" ? star : scalar
      var next = index
      while next < scalars.count, scalars[next] != sought, next - index < 4_096 { next += 1 }
      let isFound = scalars.indices.contains(next) && scalars[next] == sought
      // White space that stands for a line break, or a character that is written as an escape, is where the last one was.
      if isFound, !sought.properties.isWhitespace || next == index {
        places.append(self.place(next))
        index = next + 1
      } else {
        places.append(self.place(min(index, scalars.count)))
      }
    }
    places.append(self.place(min(index, scalars.count)))
    return places
  }

  /// An upper bound of the nodes in the text: each begins or ends at one of these.
  var nodeBound: Int {
    scalars.count { scalar in
      switch scalar {
      case ",", ":", "-", "?", "[", "{", "\n", "\r": true
      default: false
      }
    }
  }

  /// What was written where the parser found `text`.
  func restored(_ text: String) -> String {
    guard text.unicodeScalars.contains(star) else { return text }
    var written = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { written.append(scalar == star ? "*" : scalar) }
    return String(written)
  }

  /// A private-use scalar that the text does not hold.
  private static func spare(beside scalars: [Unicode.Scalar]) -> Unicode.Scalar? {
    var used = [Bool](repeating: false, count: 0x1900)
    for scalar in scalars where (0xE000..<0xF900).contains(scalar.value) { used[Int(scalar.value) - 0xE000] = true }
    return used.firstIndex(of: false).flatMap { Unicode.Scalar(0xE000 + UInt32($0)) }
  }

  /// Line of the first byte that is not UTF-8; 1 for UTF-16 and other files with zero bytes in the first line.
  private static func lineOfFirstFault(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var line = 1
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): if scalar == "\n" { line += 1 }
      case .emptyInput, .error: return line
      }
    }
  }
}
