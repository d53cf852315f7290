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

  /// Whether both are still what was written, as far as can be told before they are opened.
  func stands(in writer: TextTableWriter) -> Bool {
    (writer.csv == nil || !csv.isEmpty && Self.stamp(path("csv")) == csv)
      && (writer.json == nil || !json.isEmpty && Self.stamp(path("json")) == json)
  }

  /// Copies both, but for the end of the JSON. `false`, and nothing is copied, when one is not any more what was written.
  func copy(to files: inout TextFiles, _ writer: TextTableWriter) throws(WriteError) -> Bool {
    let (hasCSV, hasJSON) = (writer.csv != nil, writer.json != nil)
    let csvFile = hasCSV ? open("csv", csv) : Descriptor(-1)
    let jsonFile = hasJSON ? open("json", json) : Descriptor(-1)
    guard !hasCSV || csvFile.number >= 0, !hasJSON || jsonFile.number >= 0 else { return false }
    if hasCSV { try files.csv.copy(csvFile.number, csv[0], from: path("csv")) }
    // `[` and `]`, each in a line of its own; without rows they stand in one.
    let end = JSONWriter.end(isEmpty: false).count
    if hasJSON, json[0] > end {
      try files.json.copy(jsonFile.number, json[0] - end, from: path("json"))
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
}
