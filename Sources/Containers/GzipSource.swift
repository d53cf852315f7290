package import Bytes
package import Diagnostics

/// What a .gz file holds: one stream, or several one after another, which are one. A stream that breaks off or is damaged is
/// an error of the file.
package final class GzipSource: ByteSource {
  /// What stands behind the last stream and is none.
  package private(set) var notes: [Diagnostic] = []

  private let source: any ByteSource
  private let file: String
  private let limits: ContainerLimits
  private let inflater = Inflater(.gzip)
  private var packed: [UInt8] = []
  private var start = 0
  private var packedCount = 0
  private var unpackedCount = 0
  private var sourceHasEnded = false
  private var hasEnded = false
  private static let blockSize = 64 << 10

  /// - Parameter file: its name in diagnostics.
  package init(_ source: any ByteSource, file: String, limits: ContainerLimits = ContainerLimits()) {
    self.source = source
    self.file = file
    self.limits = limits
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    guard unsafe !buffer.isEmpty else { return 0 }
    while !hasEnded {
      if start == packed.count { try fill() }
      guard start < packed.count else { throw damaged(file, .truncated) }
      let step = unsafe inflater.step(packed, start..<packed.count, into: buffer)
      guard !step.isBroken else { throw damaged(file, .data) }
      start += step.read
      unpackedCount += step.written
      try checkLimits()
      if step.hasEnded { try startNext() }
      if step.written > 0 { return step.written }
    }
    return 0
  }

  private func fill() throws(ReadError) {
    packed.removeAll(keepingCapacity: true)
    start = 0
    sourceHasEnded = try source.append(to: &packed, upTo: Self.blockSize)
    packedCount += packed.count
  }

  private func checkLimits() throws(ReadError) {
    if unpackedCount > limits.entryBytes { throw exceeded(file, .entryBytes, limits.entryBytes) }
    if !limits.allows(unpackedCount, of: packedCount) { throw exceeded(file, .ratio, limits.ratio) }
  }

  /// After a stream has ended: another one, the end, or something else.
  private func startNext() throws(ReadError) {
    if packed.count - start < 2, !sourceHasEnded {
      let rest = Array(packed[start...])
      try fill()
      packed.insert(contentsOf: rest, at: 0)
    }
    if packed.count - start >= 2, packed[start] == 0x1F, packed[start + 1] == 0x8B {
      inflater.reset()
      return
    }
    hasEnded = true
    var spare = 0
    var hasOther = false
    while start < packed.count {
      spare += packed.count - start
      hasOther = hasOther || packed[start...].contains { $0 != 0 }
      try fill()
    }
    // Zeros fill up the last block of a tape.
    if hasOther { notes.append(Diagnostic(.archiveSpareBytes, at: SourceLocation(file: file), [.literal("\(spare)")])) }
  }
}

/// Why a compressed file or a member cannot be read; each is a reason in a diagnostic.
enum Damage {
  case truncated, data, directory, overlap, localHeader, size, checksum

  var reason: LocalizedText {
    switch self {
    case .truncated: LocalizedText(zh: "文件不完整，中途断开", en: "it breaks off")
    case .data: LocalizedText(zh: "压缩数据有错", en: "its data is damaged")
    case .directory: LocalizedText(zh: "目录缺失或有错", en: "its directory is missing or wrong")
    case .overlap: LocalizedText(zh: "成员互相重叠", en: "members overlap")
    case .localHeader: LocalizedText(zh: "成员的头与目录不符", en: "the header of a member differs from the directory")
    case .size: LocalizedText(zh: "实际大小与目录不符", en: "the size differs from the directory")
    case .checksum: LocalizedText(zh: "校验和（CRC）不符", en: "the checksum (CRC) is wrong")
    }
  }
}

func damaged(_ file: String, _ damage: Damage) -> ReadError {
  ReadError(Diagnostic(.archiveDamaged, at: SourceLocation(file: file), [.word(damage.reason)]))
}

enum Exceeded {
  case entries, directory, entryBytes, totalBytes, ratio, nestedWorkbook

  var what: LocalizedText {
    switch self {
    case .entries: LocalizedText(zh: "压缩包的成员数", en: "members of an archive")
    case .directory: LocalizedText(zh: "压缩包目录的字节数", en: "bytes of the directory of an archive")
    case .entryBytes: LocalizedText(zh: "一个文件解压后的字节数", en: "unpacked bytes of a file")
    case .totalBytes: LocalizedText(zh: "整个压缩包解压后的字节数", en: "unpacked bytes of an archive")
    case .ratio: LocalizedText(zh: "压缩倍数", en: "unpacked bytes for each packed one")
    case .nestedWorkbook: LocalizedText(zh: "压缩包内工作簿的字节数", en: "bytes of a workbook inside an archive")
    }
  }
}

func exceeded(_ file: String, _ what: Exceeded, _ limit: Int) -> ReadError {
  ReadError(Diagnostic(.archiveLimit, at: SourceLocation(file: file), [.word(what.what), .literal("\(limit)")]))
}

/// All of `source`, a workbook inside a container, in memory.
package func unpackedWorkbook(
  _ source: any ByteSource, file: String, limits: ContainerLimits = ContainerLimits()
) throws(ReadError) -> MemoryBytes {
  var bytes: [UInt8] = []
  while try !source.append(to: &bytes, upTo: bytes.count + (1 << 20)) {
    if bytes.count > limits.nestedWorkbook { throw exceeded(file, .nestedWorkbook, limits.nestedWorkbook) }
  }
  return MemoryBytes(bytes)
}
