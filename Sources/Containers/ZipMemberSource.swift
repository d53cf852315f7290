import Bytes
package import Diagnostics

/// The content of a member of a zip archive. Its size and checksum must be those of the directory, or reading ends in an
/// error; never are more bytes handed out than the directory says.
package final class ZipMemberSource: ByteSource {
  private let entry: ZipEntry
  private let bytes: any RandomBytes
  private let file: String
  private let inflater: Inflater?
  private var packed: [UInt8] = []
  private var start = 0
  /// Where the next packed byte stands, and where the last one ends.
  private var place: Int
  private let end: Int
  private var count = 0
  private var sum: UInt32 = 0
  private var hasEnded = false
  private static let blockSize = 64 << 10

  init(_ entry: ZipEntry, _ bytes: any RandomBytes, file: String) throws(ReadError) {
    self.entry = entry
    self.bytes = bytes
    self.file = file
    inflater = entry.method == 8 ? Inflater(.raw) : nil
    var header = DirectoryCursor(try bytes.bytes(entry.offset..<entry.offset + 30)[...])
    guard header.number(4) == 0x0403_4B50, header.number(2) != nil, header.number(2) != nil,
      header.integer(2) == entry.method, header.slice(16) != nil, let nameCount = header.integer(2),
      let extraCount = header.integer(2)
    else { throw damaged(file, .localHeader) }
    let nameStart = entry.offset + 30
    guard nameCount == entry.localName.count,
      try bytes.bytes(nameStart..<nameStart + nameCount) == entry.localName
    else { throw damaged(file, .localHeader) }
    place = nameStart + nameCount + extraCount
    end = place + entry.packed
    guard end <= entry.limit else { throw damaged(file, .overlap) }
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    guard unsafe !buffer.isEmpty else { return 0 }
    while !hasEnded {
      let written = try inflater == nil ? unsafe copy(buffer) : unsafe inflate(buffer)
      guard written <= entry.unpacked - count else { throw damaged(file, .size) }
      count += written
      // SAFETY: `written` bytes of `buffer` were just written.
      sum = unsafe checksum(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<written]), after: sum)
      if hasEnded { try checkWhole() }
      if written > 0 { return written }
    }
    return 0
  }

  private func copy(_ buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    guard place < end else {
      hasEnded = true
      return 0
    }
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, end - place)])
    let got = unsafe try bytes.read(at: place, into: room)
    guard got > 0 else { throw damaged(file, .truncated) }
    place += got
    return got
  }

  private func inflate(_ buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    guard let inflater else { return 0 }
    if start == packed.count, place < end {
      packed = try bytes.bytes(place..<min(end, place + Self.blockSize))
      guard !packed.isEmpty else { throw damaged(file, .truncated) }
      place += packed.count
      start = 0
    }
    let step = unsafe inflater.step(packed, start..<packed.count, into: buffer)
    guard !step.isBroken else { throw damaged(file, .data) }
    start += step.read
    hasEnded = step.hasEnded
    guard hasEnded || step.read > 0 || step.written > 0 else { throw damaged(file, .truncated) }
    return step.written
  }

  private func checkWhole() throws(ReadError) {
    guard count == entry.unpacked, place == end, start == packed.count || inflater == nil else {
      throw damaged(file, .size)
    }
    guard sum == entry.checksum else { throw damaged(file, .checksum) }
  }
}
