import Campaign
import Diagnostics
import Foundation
import Glibc
import Tables
import Testing

@testable import Report

private struct Numbers: RowSource {
  var range: Range<Int>
  func forEachRow(_ body: (borrowing TableRow) throws -> Void) throws {
    var row = TableRow()
    for number in range {
      row.removeAll()
      row.append(number)
      try body(row)
    }
  }
}

/// Tables that begin with what was published before.
@Suite struct PublishedTextTests {
  private func table(_ count: Int, known: Int? = nil) -> Table {
    var table = numbered(NumberedRows(count: count))
    if let known { table.added = Numbers(range: known..<count) }
    return table
  }

  private func publish(
    _ table: Table, _ workplace: Workplace, _ formats: [OutputFormat], at name: String = "out",
    _ published: PublishedText? = nil, width: Int = 2
  ) async throws {
    var folder = try OutputFolder(at: workplace.file(name))
    try await Reporter.write(
      tables: [table], to: &folder, formats: formats, language: .en, asOf: asOf, sheetRows: 1_000, width: width,
      published: published.map { [table.name: $0] } ?? [:])
    try folder.writeRunRecord([])
    let isRemoved = try await folder.replaceEarlier()?.remove(width: width)
    #expect(isRemoved ?? true)
  }

  /// Sizes of the files in the workplace that have no name.
  private func namelessFiles(_ workplace: Workplace) throws -> [Int] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { number in
      let path = "/proc/self/fd/" + number
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path),
        target.hasPrefix(workplace.path), target.hasSuffix("(deleted)")
      else { return nil }
      var status = stat()
      return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }
  }

  @Test(arguments: [[OutputFormat.csv, .json], [.csv], [.json]], [(10, 1), (10, 2), (80_000, 1), (80_000, 2)])
  func aContinuedTableIsTheTableWrittenAtOnce(formats: [OutputFormat], run: (known: Int, width: Int)) async throws {
    let workplace = try Workplace()
    let count = run.known + 5
    try await publish(table(run.known), workplace, formats)
    let name = table(0).name
    let copied = PublishedText(at: workplace.file("out"), table: name).copiedAhead()
    let null = open("/dev/null", O_RDONLY)
    defer { close(null) }
    // Not all file systems have files without a name; then they are copied when they are needed.
    let hasNameless = NamelessFile(in: workplace.path, copyOf: null, 0) != nil
    #expect(try namelessFiles(workplace).count == (hasNameless && run.known > 10 ? formats.count : 0))
    try await publish(table(count, known: run.known), workplace, formats, copied, width: run.width)
    try await publish(table(count), workplace, formats, at: "whole")
    for format in formats {
      let bytes = workplace.bytes("out/\(name).\(format)")
      #expect(bytes != nil && bytes == workplace.bytes("whole/\(name).\(format)"), "\(format)")
      #expect(try workplace.mode("out/\(name).\(format)") == 0o644)
    }
    #expect(try workplace.names() == ["out", "whole"])
  }

  /// Whatever was written into them since: before or after they were copied.
  @Test(arguments: [true, false])
  func aChangedFileIsNotContinued(isChangedBefore: Bool) async throws {
    let workplace = try Workplace()
    try await publish(table(80_000), workplace, [.csv, .json])
    let name = table(0).name
    var published = PublishedText(at: workplace.file("out"), table: name)
    func change() throws {
      let file = try FileHandle(forUpdating: URL(filePath: workplace.file("out/\(name).json")))
      try file.write(contentsOf: Data("X".utf8))
      try file.close()
    }
    if isChangedBefore { try change() }
    published = published.copiedAhead()
    if !isChangedBefore { try change() }
    try await publish(table(80_005, known: 80_000), workplace, [.csv, .json], published)
    // What was copied in vain takes no room while the run goes on.
    #expect(try namelessFiles(workplace).allSatisfy { $0 == 0 })
    withExtendedLifetime(published) {}
    try await publish(table(80_005), workplace, [.csv, .json], at: "whole")
    #expect(workplace.bytes("out/\(name).csv") == workplace.bytes("whole/\(name).csv"))
    #expect(workplace.bytes("out/\(name).json") == workplace.bytes("whole/\(name).json"))
  }

  /// What a run copied that then fails is gone.
  @Test func aRunThatFailsLeavesNoCopies() async throws {
    let workplace = try Workplace()
    try await publish(table(80_000), workplace, [.csv, .json])
    do {
      let published = PublishedText(at: workplace.file("out"), table: table(0).name).copiedAhead()
      var broken = table(80_005)
      broken.added = BrokenRows(count: 3)
      await #expect(throws: WriteError.self) { try await publish(broken, workplace, [.csv, .json], published) }
    }
    #expect(try namelessFiles(workplace).isEmpty)
    #expect(try workplace.names() == ["out"])
    let text = try #require(workplace.text("out/\(table(0).name).csv"))
    #expect(text.contains("79999") && !text.contains("80000"))
  }
}
