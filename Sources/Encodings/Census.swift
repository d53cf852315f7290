import Bytes
import Diagnostics

/// What one pass over the bytes of a file counts, and a sample of its lines that hold more than ASCII. Memory is bounded, the
/// counts are exact (they stop where it is certain that the file is not UTF-8).
struct Census {
  private static let blockSize = 256 << 10
  private static let sampleLimit = 512 << 10
  private static let longestSampleLine = 16 << 10
  private static let startSize = 64 << 10

  /// The first bytes of the file.
  private(set) var start: [UInt8] = []
  private(set) var sample: [UInt8] = []
  /// Lines of the sample that are UTF-8 for certain, and the others.
  private(set) var unicodeLines = 0
  private(set) var otherLines = 0
  private(set) var highBytes = 0
  /// Valid UTF-8 characters beyond ASCII, and bytes that belong to none.
  private(set) var characters = 0
  private(set) var badBytes = 0
  private(set) var firstBadByte = 0
  /// NUL bytes at even and at odd places.
  private(set) var evenNULs = 0
  private(set) var oddNULs = 0
  private var offset = 0

  init(_ source: any ByteSource, stopsEarly: Bool) throws(ReadError) {
    var block: [UInt8] = []
    var hasEnded = false
    while !hasEnded {
      let carried = block.count
      hasEnded = try source.append(to: &block, upTo: carried + Self.blockSize)
      if start.isEmpty { start = Array(block.prefix(Self.startSize)) }
      if stopsEarly { return }
      let consumed = count(block, isLast: hasEnded)
      collectSample(block)
      offset += consumed
      block.removeFirst(consumed)
      // From here on more bytes cannot make it UTF-8 any more.
      if badBytes > 100_000, badBytes > characters { return }
    }
  }

  /// Counts the characters of `block`; how many bytes of it are done: all but the start of a character at its end.
  private mutating func count(_ block: [UInt8], isLast: Bool) -> Int {
    let bytes = block.span
    if bytes.isEmpty { return 0 }
    var at = 0
    var piece = block.count
    while at < block.count {
      let end = min(block.count, at + piece)
      let valid = validUTF8Prefix(bytes.extracting(at..<end))
      tally(bytes.extracting(at..<at + valid), at: offset + at)
      at += valid
      if at == end {
        piece = min(piece * 2, block.count)
        continue
      }
      let left = block.count - at
      if left < 4, !isLast, bytes[at] >= 0xC2 { return at }
      if end < block.count, end - at < 4 { continue }
      if badBytes == 0 { firstBadByte = offset + at }
      badBytes += 1
      highBytes += 1
      at += 1
      piece = 64
    }
    return at
  }

  /// Counts what stands in valid text.
  private mutating func tally(_ text: Span<UInt8>, at place: Int) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let turns = 255 * 8
    let raw = unsafe text.bytes
    var from = 0
    while from + 8 <= text.count {
      // Eight counters of one byte each in a word, for as many turns as they can hold.
      var leads: UInt64 = 0
      var beyond: UInt64 = 0
      var zeros: UInt64 = 0
      var at = from
      let end = min(from + turns, text.count)
      while at &+ 8 <= end {
        // SAFETY: at + 8 <= count, and every pattern of bits is a UInt64.
        let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self)
        beyond &+= word &>> 7 & ones
        leads &+= word &>> 7 & word &>> 6 & ones
        zeros |= (word &- ones) & ~word & (ones &<< 7)
        at &+= 8
      }
      characters += sum(leads)
      highBytes += sum(beyond)
      if zeros != 0 { tallyNULs(text, from..<at, at: place) }
      from = at
    }
    for index in from..<text.count {
      characters += text[index] >= 0xC0 ? 1 : 0
      highBytes += text[index] >= 0x80 ? 1 : 0
    }
    tallyNULs(text, from..<text.count, at: place)
  }

  /// Sum of the eight bytes of `counters`.
  private func sum(_ counters: UInt64) -> Int {
    var total = 0
    for shift in stride(from: 0, to: 64, by: 8) { total += Int(counters >> UInt64(shift) & 0xFF) }
    return total
  }

  private mutating func tallyNULs(_ text: Span<UInt8>, _ range: Range<Int>, at place: Int) {
    for index in range where text[index] == 0 {
      if (place + index) & 1 == 0 { evenNULs += 1 } else { oddNULs += 1 }
    }
  }

  /// A line of another encoding is hardly ever valid UTF-8 with several characters of three bytes.
  private mutating func count(sampleLine line: Span<UInt8>) {
    var wide = 0
    for index in line.indices where line[index] >= 0xE0 { wide += 1 }
    if wide >= 4, validUTF8Prefix(line) == line.count { unicodeLines += 1 } else { otherLines += 1 }
  }

  /// Takes lines with bytes beyond ASCII into the sample, each from its start, where no character is cut.
  private mutating func collectSample(_ block: [UInt8]) {
    var lineStart = offset == 0 ? 0 : (block.firstIndex(of: 0x0A) ?? block.count) + 1
    while lineStart < block.count, sample.count < Self.sampleLimit {
      var end = lineStart
      var isHigh = false
      while end < block.count, block[end] != 0x0A {
        if block[end] >= 0x80 { isHigh = true }
        end += 1
      }
      if isHigh {
        let line = block[lineStart..<min(end, lineStart + Self.longestSampleLine)]
        count(sampleLine: line.span)
        sample += line
        sample.append(0x0A)
      }
      lineStart = end + 1
    }
  }
}

extension Census {
  /// The encoding whose byte order mark the file begins with.
  var byteOrderMark: String? {
    if start.starts(with: [0xEF, 0xBB, 0xBF]) { return "utf-8" }
    if start.starts(with: [0xFF, 0xFE, 0, 0]) { return "utf-32le" }
    if start.starts(with: [0, 0, 0xFE, 0xFF]) { return "utf-32be" }
    if start.starts(with: [0xFF, 0xFE]) { return "utf-16le" }
    if start.starts(with: [0xFE, 0xFF]) { return "utf-16be" }
    if start.starts(with: [0x84, 0x31, 0x95, 0x33]) { return "gb18030" }
    return nil
  }

  /// Encodings that write everything with ASCII characters.
  var asciiOnly: String? {
    guard highBytes == 0 else { return nil }
    let escapes: [[UInt8]] = [[0x1B, 0x24, 0x42], [0x1B, 0x24, 0x40], [0x1B, 0x28, 0x4A]]
    if start.indices.contains(where: { at in escapes.contains { start[at...].starts(with: $0) } }) {
      return "iso-2022-jp"
    }
    // The byte order mark of UTF-7.
    let mark = Array("+/v".utf8)
    return start.starts(with: mark) && start.count > 3 && [0x38, 0x39, 0x2B, 0x2F].contains(start[3]) ? "utf-7" : nil
  }

  /// Letters, digits, spaces and commas where EBCDIC has them, and next to none where ASCII has.
  var isEBCDIC: Bool {
    // Its letters lie where UTF-8 has no beginning of a character.
    guard start.count >= 16, badBytes > 0 else { return false }
    var ours = 0
    var ascii = 0
    for byte in start {
      switch byte {
      case 0x40, 0x6B, 0x5E, 0x4B, 0x60, 0x61, 0x7F, 0x15, 0x25, 0x0D, 0x81...0x89, 0x91...0x99, 0xA2...0xA9,
        0xC1...0xC9,
        0xD1...0xD9, 0xE2...0xE9, 0xF0...0xF9:
        ours += 1
      case 0x20, 0x0A, 0x2C, 0x30...0x39: ascii += 1
      default: break
      }
    }
    return ours * 20 >= start.count * 19 && ascii * 50 <= start.count
      && start.contains(where: { $0 >= 0xF0 || $0 == 0x40 })
  }

  /// UTF-16 without byte order mark: its ASCII characters have a NUL on one side, and nearly every pair of bytes is a usual
  /// character.
  var utf16ByNUL: String? {
    guard start.contains(0) else { return nil }
    if let wide = utf32ByNUL { return wide }
    let little = usualPairs(low: 0, high: 1)
    let big = usualPairs(low: 1, high: 0)
    let enough = 0.9
    guard max(little, big) >= enough else { return nil }
    return little >= big ? "utf-16le" : "utf-16be"
  }

  /// UTF-32 without byte order mark: two NULs at one end of each four bytes.
  private var utf32ByNUL: String? {
    let fours = start.count / 4
    let enough = 16
    guard fours >= enough, start.count % 4 == 0 else { return nil }
    let little = (0..<fours).count { start[$0 * 4 + 3] == 0 && start[$0 * 4 + 2] <= 0x10 && start[$0 * 4] != 0 }
    let big = (0..<fours).count { start[$0 * 4] == 0 && start[$0 * 4 + 1] <= 0x10 && start[$0 * 4 + 3] != 0 }
    let isAsciiWide = (0..<fours).count { start[$0 * 4 + 1] == 0 && start[$0 * 4 + 2] == 0 } * 2 >= fours
    guard isAsciiWide, max(little, big) * 10 >= fours * 9 else { return nil }
    return little >= big ? "utf-32le" : "utf-32be"
  }

  /// Share of pairs at the start of the file that are ASCII text, Chinese characters or their punctuation.
  private func usualPairs(low: Int, high: Int) -> Double {
    var usual = 0
    var pairs = 0
    for at in stride(from: 0, to: start.count - 1, by: 2) {
      pairs += 1
      switch (start[at + high], start[at + low]) {
      case (0, 0x20...0x7E), (0, 0x09), (0, 0x0A), (0, 0x0D), (0, 0xA0...0xFF): usual += 1
      case (0x20, 0x10...0x3F), (0x30, _), (0x4E...0x9F, _), (0xFF, 0...0xEF), (0xAC...0xD7, _): usual += 1
      default: break
      }
    }
    return pairs == 0 ? 0 : Double(usual) / Double(pairs)
  }
}
