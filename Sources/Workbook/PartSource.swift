import Bytes
import Diagnostics

/// A part of a workbook as UTF-8 without byte order mark; parts may also be in UTF-16. What is no UTF-16 becomes U+FFFF, which
/// no XML may hold, so that the parser refuses it.
final class PartSource: ByteSource {
  private enum Form { case unknown, narrow, little, big }
  private let source: any ByteSource
  private var form = Form.unknown
  private var raw: [UInt8] = []
  private var ready: [UInt8] = []
  private var start = 0
  private var hasEnded = false
  private static let blockSize = 64 << 10

  init(_ source: any ByteSource) { self.source = source }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    guard unsafe !buffer.isEmpty else { return 0 }
    while true {
      if start < ready.count {
        let count = min(buffer.count, ready.count - start)
        unsafe buffer.copyBytes(from: ready[start..<start + count])
        start += count
        return count
      }
      if form == .narrow { return unsafe try source.read(into: buffer) }
      if hasEnded { return 0 }
      try fill()
    }
  }

  private func fill() throws(ReadError) {
    ready.removeAll(keepingCapacity: true)
    start = 0
    hasEnded = try source.append(to: &raw, upTo: form == .unknown ? 4 : raw.count + Self.blockSize)
    if form == .unknown { recognize() }
    if form == .narrow {
      swap(&ready, &raw)
    } else {
      convert()
    }
  }

  private func recognize() {
    switch (raw.first, raw.dropFirst().first) {
    case (0xFF, 0xFE): form = .little
    case (0xFE, 0xFF): form = .big
    case (0x3C, 0): form = .little
    case (0, 0x3C): form = .big
    default: form = .narrow
    }
    if raw.starts(with: [0xEF, 0xBB, 0xBF]) { raw.removeFirst(3) }
    if raw.starts(with: [0xFF, 0xFE]) || raw.starts(with: [0xFE, 0xFF]) { raw.removeFirst(2) }
  }

  private func unit(_ at: Int) -> UInt32 {
    let (first, second) = (UInt32(raw[at]), UInt32(raw[at + 1]))
    return form == .little ? first | second << 8 : first << 8 | second
  }

  private func convert() {
    var at = 0
    while at + 1 < raw.count {
      var value = unit(at)
      if (0xD800..<0xDC00).contains(value) {
        guard at + 3 < raw.count else {
          if hasEnded { append(0xFFFF) }
          break
        }
        let low = unit(at + 2)
        if (0xDC00..<0xE000).contains(low) {
          value = 0x10000 + (value - 0xD800) << 10 + low - 0xDC00
          at += 2
        }
      }
      append((0xD800..<0xE000).contains(value) ? 0xFFFF : value)
      at += 2
    }
    if hasEnded, at < raw.count { append(0xFFFF) }
    raw.removeSubrange(..<min(at, raw.count))
  }

  private func append(_ value: UInt32) {
    guard let scalar = Unicode.Scalar(value) else { return }
    ready.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
  }
}
