/// What a compressed file may cost before it is refused. Nothing of it is ever written to a disk, and what is unpacked goes
/// through in blocks; so these bound the time.
package struct ContainerLimits: Sendable, Hashable {
  /// Members of an archive.
  package var entries = 10_000
  /// Bytes of the directory of an archive.
  package var directory = 16 << 20
  /// Unpacked bytes of a member, or of a .gz file.
  package var entryBytes = 4 << 30
  /// Unpacked bytes of all members together.
  package var totalBytes = 16 << 30
  /// Unpacked bytes for each packed one. Tables come to 5 to 20, deflate can reach 1032.
  package var ratio = 250
  /// Bytes that may be unpacked at any ratio: small files of equal lines are harmless.
  package var ratioFrom = 16 << 20
  /// Bytes of a workbook that stands inside an archive or a .gz file: it has to be in memory.
  package var nestedWorkbook = 64 << 20
  package init() {}

  /// Whether so many packed bytes may become so many.
  func allows(_ unpacked: Int, of packed: Int) -> Bool {
    if unpacked <= ratioFrom { return true }
    let (most, isOver) = max(1, packed).multipliedReportingOverflow(by: ratio)
    return isOver || unpacked <= most
  }
}
