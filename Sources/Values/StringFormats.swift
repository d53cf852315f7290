// The formats of strings in Table Schema. Loose where the standards are: what they refuse is no address at all.

/// One `@`, something before it, and a host name with a dot behind it (RFC 5322 without comments and quoted names).
func isEmail(_ cell: Span<UInt8>) -> Bool {
  guard let at = cell.indices.first(where: { cell[$0] == UInt8(ascii: "@") }), at > 0, at <= 64, cell.count <= 254
  else {
    return false
  }
  for index in 0..<at {
    switch cell[index] {
    case UInt8(ascii: "."):
      // A dot parts words: none at an end, no two together.
      guard index > 0, index + 1 < at, cell[index - 1] != UInt8(ascii: ".") else { return false }
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F...0x39, 0x3D, 0x3F, 0x41...0x5A, 0x5E...0x7E, 0x80...0xFF: break
    default: return false
    }
  }
  return isHostName(cell, from: at + 1)
}

private func isHostName(_ cell: Span<UInt8>, from start: Int) -> Bool {
  var labels = 0
  var length = 0
  for index in start..<cell.count {
    let byte = cell[index]
    switch byte {
    case UInt8(ascii: "."):
      guard length > 0, cell[index - 1] != UInt8(ascii: "-") else { return false }
      labels += 1
      length = 0
    case UInt8(ascii: "-"):
      guard length > 0 else { return false }
      length += 1
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: length += 1
    default: return false
    }
    if length > 63 { return false }
  }
  return labels > 0 && length > 1 && cell[cell.count - 1] != UInt8(ascii: "-")
}

/// A scheme, a colon and something of the characters that RFC 3986 allows; beyond ASCII as RFC 3987.
func isURI(_ cell: Span<UInt8>) -> Bool {
  guard let colon = cell.indices.first(where: { cell[$0] == UInt8(ascii: ":") }), colon > 0, colon + 1 < cell.count,
    isLetter(UInt32(cell[0] | 0x20))
  else { return false }
  for index in 1..<colon {
    switch cell[index] {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): break
    default: return false
    }
  }
  for index in (colon + 1)..<cell.count {
    switch cell[index] {
    case 0...0x20, 0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B...0x7D, 0x7F: return false
    case UInt8(ascii: "%"):
      guard index + 2 < cell.count, isHexDigit(cell[index + 1]), isHexDigit(cell[index + 2]) else { return false }
    default: break
    }
  }
  return true
}

func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || byte | 0x20 &- 0x61 < 6 }

/// `8-4-4-4-12` hexadecimal digits.
func isUUID(_ cell: Span<UInt8>) -> Bool {
  guard cell.count == 36 else { return false }
  for index in cell.indices {
    let isDash = index == 8 || index == 13 || index == 18 || index == 23
    guard isDash ? cell[index] == UInt8(ascii: "-") : isHexDigit(cell[index]) else { return false }
  }
  return true
}

/// Base64 (RFC 4648, padded; line breaks may stand in it).
func isBase64(_ cell: Span<UInt8>) -> Bool {
  var digits = 0
  var padding = 0
  for index in cell.indices {
    switch cell[index] {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"):
      guard padding == 0 else { return false }
      digits += 1
    case UInt8(ascii: "="): padding += 1
    case 0x0A, 0x0D: break
    default: return false
    }
  }
  return (digits + padding) % 4 == 0 && padding <= 2
}

/// Months since year 0 of `2022-11` (gYearMonth of XML Schema); with `any` also `2022/11`, `2022.11`, 2022年11月.
func yearMonth(_ cell: Span<UInt8>, takesAnyForm: Bool) -> Int? {
  if cell.count == 7, cell[4] == UInt8(ascii: "-") {
    let (century, year, month) = (twoDigits(cell, 0), twoDigits(cell, 2), twoDigits(cell, 5))
    guard century | year | month >= 0, (1...12).contains(month) else { return nil }
    return (century * 100 + year) * 12 + month - 1
  }
  guard takesAnyForm, let text = FoldedText(cell) else { return nil }
  var scanner = DateScanner(text, style: DateStyle())
  guard let year = scanner.readPart(), year.width == 4 else { return nil }
  scanner.skipSpaces()
  let isMarked = scanner.skip("年")
  guard isMarked || scanner.skip("-") || scanner.skip("/") || scanner.skip(".") else { return nil }
  scanner.skipSpaces()
  guard let month = scanner.readPart(), (1...12).contains(month.value), month.width <= 2 else { return nil }
  scanner.skipSpaces()
  if isMarked, !(scanner.skip("月") && (scanner.skip("份") || true)) { return nil }
  return scanner.index == text.count ? year.value * 12 + month.value - 1 : nil
}

/// Milliseconds of an ISO 8601 duration (`P1Y2M3DT4H5M6.5S`, `P2W`), a month taken as the 400 years' mean; `nil` for
/// another text.
func duration(_ cell: Span<UInt8>) -> Int64? {
  var index = 0
  var sign: Double = 1
  if index < cell.count, cell[index] == UInt8(ascii: "-") || cell[index] == UInt8(ascii: "+") {
    if cell[index] == UInt8(ascii: "-") { sign = -1 }
    index += 1
  }
  guard index < cell.count, cell[index] == UInt8(ascii: "P") else { return nil }
  index += 1
  let day: Double = 86_400_000
  let units: [(mark: UInt8, isTime: Bool, milliseconds: Double)] = [
    (UInt8(ascii: "Y"), false, day * 365.2425), (UInt8(ascii: "M"), false, day * 365.2425 / 12),
    (UInt8(ascii: "W"), false, day * 7), (UInt8(ascii: "D"), false, day), (UInt8(ascii: "H"), true, 3_600_000),
    (UInt8(ascii: "M"), true, 60_000), (UInt8(ascii: "S"), true, 1000),
  ]
  var total: Double = 0
  var next = 0
  var isTime = false
  var hasPart = false
  while index < cell.count {
    if cell[index] == UInt8(ascii: "T"), !isTime {
      isTime = true
      hasPart = false
      index += 1
      continue
    }
    let start = index
    while index < cell.count, isDigit(cell[index]) || cell[index] == UInt8(ascii: ".") { index += 1 }
    let digits = (start..<index).map { cell[$0] }
    guard index < cell.count, let first = digits.first, isDigit(first), digits.last.map(isDigit) == true,
      let amount = Double(String(decoding: digits, as: UTF8.self)),
      let place = units.indices.first(where: {
        $0 >= next && units[$0].mark == cell[index] && units[$0].isTime == isTime
      })
    else { return nil }
    total += amount * units[place].milliseconds
    next = place + 1
    hasPart = true
    index += 1
    // Only the last part may have a fraction.
    if digits.contains(UInt8(ascii: ".")), index < cell.count { return nil }
  }
  return hasPart && total < 9e18 ? Int64(sign * total) : nil
}
