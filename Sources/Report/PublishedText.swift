import Glibc

/// The CSV and the JSON file of a table that was published: what tells without reading them that they are what was written
/// then, so that a table that has more rows now begins with them. Empty where there was no such file.
package struct PublishedText: Sendable, Hashable {
  package var csv: [Int]
  package var json: [Int]
  private var folder = ""
  private var table = ""

  package init(csv: [Int], json: [Int], at folder: String, table: String) {
    self.csv = csv
    self.json = json
    self.folder = folder
    self.table = table
  }

  /// Of a table that stands at `folder` now.
  package init(at folder: String, table: String) {
    self.init(csv: [], json: [], at: folder, table: table)
    csv = Self.stamp(path("csv"))
    json = Self.stamp(path("json"))
  }

  private func path(_ form: String) -> String { folder + "/" + table + "." + form }

  private static func stamp(_ path: String) -> [Int] {
    var status = stat()
    return unsafe lstat(path, &status) == 0 ? stamp(status) : []
  }

  private static func stamp(_ status: stat) -> [Int] {
    guard status.st_mode & S_IFMT == S_IFREG else { return [] }
    func nanoseconds(_ time: timespec) -> Int { Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec) }
    return [
      Int(status.st_size), Int(truncatingIfNeeded: status.st_dev), Int(truncatingIfNeeded: status.st_ino),
      nanoseconds(status.st_mtim), nanoseconds(status.st_ctim),
    ]
  }

  /// Copies both, but for the end of the JSON. `false`, and nothing is copied, when one is not any more what was written.
  func copy(to files: inout TextFiles, csv hasCSV: Bool, json hasJSON: Bool) throws(WriteError) -> Bool {
    let csvFile = hasCSV ? open("csv", csv) : Descriptor(-1)
    let jsonFile = hasJSON ? open("json", json) : Descriptor(-1)
    guard !hasCSV || csvFile.number >= 0, !hasJSON || jsonFile.number >= 0 else { return false }
    if hasCSV { try copy(csvFile.number, csv[0], to: &files.csv, "csv") }
    // `[` and `]`, each in a line of its own; without rows they stand in one.
    let end = JSONWriter.end(isEmpty: false).count
    if hasJSON, json[0] > end {
      try copy(jsonFile.number, json[0] - end, to: &files.json, "json")
      files.isJSONEmpty = false
    }
    return true
  }

  private func open(_ form: String, _ known: [Int]) -> Descriptor {
    let file = Descriptor(unsafe Glibc.open(path(form), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC))
    var status = stat()
    guard !known.isEmpty, file.number >= 0, unsafe fstat(file.number, &status) == 0, Self.stamp(status) == known else {
      return Descriptor(-1)
    }
    return file
  }

  private func copy(_ descriptor: Int32, _ count: Int, to file: inout OutputFile, _ form: String) throws(WriteError) {
    var block = [UInt8](repeating: 0, count: min(count, 1 << 18))
    var done = 0
    while done < count {
      let wanted = min(block.count, count - done)
      let got = unsafe block.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, wanted, off_t(done)) }
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { throw .system(got < 0 ? errno : EIO, path(form), .inputOutput) }
      file.buffer.append(contentsOf: block[..<got])
      try file.flushIfFull()
      done += got
    }
  }
}
