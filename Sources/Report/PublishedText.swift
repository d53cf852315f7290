import CSystem
import Glibc
import Tables

/// The CSV and the JSON file of a table that was published: what tells without reading them that they are what was written
/// then, so that a table that has more rows now begins with them. Empty where there was no such file.
package struct PublishedText: Sendable {
  package var csv: [Int]
  package var json: [Int]
  private var folder = ""
  private var table = ""
  /// Copies made ahead, by form.
  private var copies: [String: NamelessFile] = [:]
  /// Of so many bytes a copy is made ahead: it may turn out to be of no use.
  private static let sizesCopiedAhead = 1 << 18...1 << 28

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

  /// Bytes with which the JSON begins when rows follow: `]` stands in a line of its own, and without rows in that of `[`.
  private var jsonBeginning: Int { max(0, (json.first ?? 0) - JSONWriter.end(isEmpty: false).count) }

  /// The same with copies of both beside the folder where they stand, while what follows them is not known yet: the disk has
  /// them by the time it is. Where that cannot be done, they are copied when they are needed.
  package consuming func copiedAhead() -> PublishedText {
    let above = OutputFolder.split(folder).above
    for (form, known, size) in [("csv", csv, csv.first ?? 0), ("json", json, jsonBeginning)]
    where Self.sizesCopiedAhead.contains(size) {
      let source = open(form, known)
      guard source.number >= 0, let copy = NamelessFile(in: above, copyOf: source.number, size) else { continue }
      copies[form] = copy
    }
    return self
  }

  /// Gives the room of copies back to the disk that nobody is going to name.
  func letGoOfCopies() { for copy in copies.values { copy.empty() } }

  /// The files of the table, which begin with these, but for the end of the JSON; `nil` when one is not any more what was
  /// written.
  func begin(_ writer: TextTableWriter, in folder: inout OutputFolder) throws(WriteError) -> TextFiles? {
    let (hasCSV, hasJSON) = (writer.csv != nil, writer.json != nil && jsonBeginning > 0)
    let csvFile = hasCSV ? open("csv", csv) : Descriptor(-1)
    let jsonFile = hasJSON ? open("json", json) : Descriptor(-1)
    guard !hasCSV || csvFile.number >= 0, !hasJSON || jsonFile.number >= 0 else { return nil }
    var files = TextFiles(
      csv: hasCSV ? try begin("csv", csvFile, csv[0], writer, &folder) : OutputFile(),
      json: hasJSON ? try begin("json", jsonFile, jsonBeginning, writer, &folder) : try writer.openJSON(&folder),
      hasCSV: hasCSV, hasJSON: writer.json != nil)
    files.isJSONEmpty = !hasJSON
    return files
  }

  private func begin(
    _ form: String, _ source: borrowing Descriptor, _ size: Int, _ writer: TextTableWriter, _ folder: inout OutputFolder
  ) throws(WriteError) -> OutputFile {
    let (name, isConfidential) = (table + "." + form, writer.table.isConfidential)
    if let copy = copies[form] {
      if let file = folder.name(copy, name, isConfidential: isConfidential) { return file }
      copy.empty()
    }
    var file = try folder.create(name, isConfidential: isConfidential)
    try file.copy(source.number, size, from: path(form))
    return file
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

/// A file that has no name yet, and is gone when nobody names it. It is to be named once: who writes on does so where its bytes
/// end.
final class NamelessFile: Sendable {
  let descriptor: Descriptor

  /// - Returns: `nil` where there are no such files, or not all bytes could be copied.
  init?(in folder: String, copyOf source: Int32, _ count: Int) {
    descriptor = Descriptor(unsafe ftally_nameless_file(folder))
    guard descriptor.number >= 0, ftally_copy(source, descriptor.number, count) == count else { return nil }
    ftally_begin_writing(descriptor.number)
  }

  /// Only while it has no name.
  func empty() { ftruncate(descriptor.number, 0) }
}
