import Campaign
import Diagnostics
import Foundation
import Tables
import Testing

@testable import Report

@Suite struct OutputFolderTests {
  let workplace: Workplace
  init() throws { workplace = try Workplace() }

  private func rule(of body: () throws -> Void) -> String? {
    do { try body() } catch { return (error as? WriteError)?.diagnostic.rule.id }
    return nil
  }

  @Test func publishesWhereNothingStood() throws {
    try publish([numbered(NumberedRows(count: 2))], in: workplace)
    #expect(try workplace.names() == ["out"])
    #expect(try workplace.names(in: "out") == ["numbers.csv", "numbers.json", "run.json"])
    #expect(try workplace.mode("out") == 0o755)
  }

  @Test func replacesAnEarlierOutputAndItsFiles() throws {
    try publish([numbered(NumberedRows(count: 2), name: "old")], in: workplace)
    try publish([numbered(NumberedRows(count: 3), name: "new")], in: workplace)
    #expect(try workplace.names() == ["out"])
    #expect(try workplace.names(in: "out") == ["new.csv", "new.json", "run.json"])
  }

  @Test func keepsWhatAPersonPutIntoTheOutput() throws {
    try publish([numbered(NumberedRows(count: 2))], in: workplace)
    try workplace.write("mine", to: "out/批注.docx")
    try workplace.write("mine too", to: "out/letters/a.txt")
    try publish([numbered(NumberedRows(count: 3))], in: workplace)
    #expect(workplace.text("out/批注.docx") == "mine")
    #expect(workplace.text("out/letters/a.txt") == "mine too")
    #expect(workplace.text("out/numbers.csv") == "\u{FEFF}序号\r\n0\r\n1\r\n2\r\n")
    #expect(try workplace.names() == ["out"])
  }

  /// Of twenty thousand input files the run record has 16 MB: the list of outputs stands at its end.
  @Test func anOutputWithALongRecordIsKnownForOurs() throws {
    for name in ["old", "new"] {
      var folder = try OutputFolder(at: workplace.file("out"))
      var file = try folder.create(name + ".csv")
      file.buffer = Array(name.utf8)
      try file.close()
      let long = JSONValue.array(
        (0..<300).map { _ in .string(String(repeating: "x", count: 65_536)) } + [.string("\"files\"")])
      try folder.writeRunRecord([("sources", long)])
      try folder.publish()
    }
    #expect(try workplace.names() == ["out"])
    #expect(try workplace.names(in: "out") == ["new.csv", "run.json"])
  }

  @Test func filesInAFolderAreReplacedWithIt() throws {
    try publish([numbered(NumberedRows(count: 2), name: "lists/old"), numbered(NumberedRows(count: 1))], in: workplace)
    #expect(try workplace.names(in: "out/lists") == ["old.csv", "old.json"])
    #expect(try workplace.mode("out/lists") == 0o700)
    try publish([numbered(NumberedRows(count: 3), name: "lists/new")], in: workplace)
    #expect(try workplace.names(in: "out/lists") == ["new.csv", "new.json"])
    try publish([numbered(NumberedRows(count: 3))], in: workplace)
    #expect(try workplace.names(in: "out") == ["numbers.csv", "numbers.json", "run.json"])
    #expect(try workplace.names() == ["out"])
  }

  @Test(arguments: [false, true]) func whatAPersonWroteIntoAListIsNotLost(isListAgain: Bool) throws {
    let lists = [numbered(NumberedRows(count: 2), name: "lists/第一组"), numbered(NumberedRows(count: 2))]
    try publish(lists, in: workplace)
    try workplace.write("filled in", to: "out/lists/第一组.csv")
    try workplace.write("mine", to: "out/lists/notes.txt")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: 3_600)], ofItemAtPath: workplace.file("out/lists/第一组.csv"))
    try publish(isListAgain ? lists : [lists[1]], in: workplace)
    #expect(workplace.text("out/lists/第一组.edited.csv") == "filled in")
    #expect(workplace.text("out/lists/notes.txt") == "mine")
    #expect((workplace.text("out/lists/第一组.csv") != nil) == isListAgain)
    #expect(try workplace.names() == ["out"])
    try publish(lists, in: workplace)
    #expect(workplace.text("out/lists/第一组.edited.csv") == "filled in")
  }

  @Test(arguments: [[], ["csv"], ["json"], ["xlsx"]])
  func rowsThatBreakLeaveTheEarlierOutput(formats: [String]) throws {
    try publish([numbered(NumberedRows(count: 2))], in: workplace)
    let before = workplace.text("out/numbers.csv")
    let chosen = formats.compactMap { OutputFormat(rawValue: $0) }
    let found = rule {
      try publish(
        [numbered(BrokenRows(count: 1_500))], in: workplace, formats: chosen.isEmpty ? [.csv, .xlsx] : chosen)
    }
    #expect(found == "output-rows-failed")
    #expect(workplace.text("out/numbers.csv") == before)
    #expect(try workplace.names() == ["out"])
  }

  @Test func anEmptyFolderIsTaken() throws {
    try FileManager.default.createDirectory(atPath: workplace.file("out"), withIntermediateDirectories: false)
    try publish([numbered(NumberedRows(count: 1))], in: workplace)
    #expect(try workplace.names(in: "out").contains("run.json"))
    #expect(try workplace.names() == ["out"])
  }

  @Test(arguments: ["{\"name\": \"another tool\"}", "", "[1]", "{\"files\": [\"fieldtally\"]}"])
  func aFolderThatIsNotOursIsRefused(record: String) throws {
    try workplace.write(record, to: "out/run.json")
    try workplace.write("thesis", to: "out/thesis.docx")
    #expect(rule { try publish([], in: workplace) } == "output-not-ours")
    #expect(workplace.text("out/thesis.docx") == "thesis")
    #expect(try workplace.names() == ["out"])
  }

  @Test func aLinkIsRefused() throws {
    try FileManager.default.createDirectory(atPath: workplace.file("real"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: workplace.file("out"), withDestinationPath: "real")
    #expect(rule { try publish([], in: workplace) } == "output-not-ours")
  }

  @Test func aFileIsRefused() throws {
    try workplace.write("text", to: "out")
    #expect(rule { try publish([], in: workplace) } == "output-not-ours")
    #expect(workplace.text("out") == "text")
  }

  @Test(arguments: ["/", ".", "..", "x/..", "", "//"])
  func aPathWithoutANameIsRefused(path: String) {
    #expect(rule { _ = try OutputFolder(at: path) } == "output-not-ours")
  }

  @Test func aMissingFolderAboveIsNotMade() {
    do {
      _ = try OutputFolder(at: workplace.file("none/out"))
      Issue.record("expected an error")
    } catch {
      #expect(error.diagnostic.rule.id == "output-not-writable")
      #expect(error.exitStatus == 73)
    }
  }

  @Test(arguments: ["", ".hidden", "a/b/c", "a/", "../a", "a/.b", "a\0b"])
  func fileNamesStayInTheFolder(name: String) throws {
    var folder = try OutputFolder(at: workplace.file("out"))
    #expect(rule { _ = try folder.create(name) } == "output-not-writable")
  }

  @Test func aFileIsMadeOnce() throws {
    var folder = try OutputFolder(at: workplace.file("out"))
    try folder.create("a.csv").close()
    #expect(rule { _ = try folder.create("a.csv") } == "output-not-writable")
  }

  @Test func lettingGoRemovesWhatWasWritten() throws {
    var folder = try OutputFolder(at: workplace.file("out"))
    try folder.create("a.csv").close()
    #expect(try workplace.names().count == 1)
    folder.discard()
    #expect(try workplace.names() == [])
  }

  @Test func leavingsOfAKilledRunAreRemovedAndThoseOfALivingOneKept() throws {
    try workplace.write("half", to: ".out.fieldtally-0badcafe/units.csv")
    try workplace.write("other", to: ".other.fieldtally-0badcafe/units.csv")
    let living = try OutputFolder(at: workplace.file("out"))
    let names = try workplace.names()
    #expect(names.count == 2 && names.contains(".other.fieldtally-0badcafe"))
    try publish([numbered(NumberedRows(count: 1))], in: workplace)
    #expect(try workplace.names().count == 3)
    living.discard()
    #expect(try workplace.names() == [".other.fieldtally-0badcafe", "out"])
  }

  /// A run that is killed while it writes its record leaves nothing that the next one takes for an earlier output.
  @Test func anUnfinishedRecordIsNotThatOfAnOutput() throws {
    var folder = try OutputFolder(at: workplace.file("out"))
    var file = try folder.create("half.csv")
    file.buffer.append(contentsOf: "half".utf8)
    try file.close()
    let record = try folder.beginRunRecord()
    try record.write([("sources", .array((0..<100_000).map { .integer($0) })), ("files", .array([]))])
    let staging = try #require(try workplace.names().first)
    #expect(try workplace.names(in: staging) == [".run.json", "half.csv"])
    try FileManager.default.copyItem(
      atPath: workplace.file(staging), toPath: workplace.file(".out.fieldtally-0badcafe"))
    try folder.endRunRecord(record)
    try folder.publish()
    try publish([numbered(NumberedRows(count: 1))], in: workplace)
    #expect(try workplace.names() == ["out"])
    #expect(try !workplace.names(in: "out").contains("half.csv"))
  }

  @Test func anEarlierOutputThatWasSetAsideComesBack() throws {
    try publish([numbered(NumberedRows(count: 2))], in: workplace)
    try FileManager.default.moveItem(atPath: workplace.file("out"), toPath: workplace.file(".out.fieldtally-aside"))
    let folder = try OutputFolder(at: workplace.file("out"))
    folder.discard()
    #expect(try workplace.names() == ["out"])
    #expect(workplace.text("out/numbers.csv") == "\u{FEFF}序号\r\n0\r\n1\r\n")
  }

  @Test func foreignFilesInALeftEarlierOutputAreMovedNotRemoved() throws {
    try publish([numbered(NumberedRows(count: 2))], in: workplace)
    try FileManager.default.copyItem(atPath: workplace.file("out"), toPath: workplace.file(".out.fieldtally-12345678"))
    try workplace.write("mine", to: ".out.fieldtally-12345678/notes.txt")
    let folder = try OutputFolder(at: workplace.file("out"))
    folder.discard()
    #expect(workplace.text("out/notes.txt") == "mine")
    #expect(try workplace.names() == ["out"])
  }

  @Test func confidentialFilesAreTheirOwnersOnlyWhateverTheUmask() throws {
    let umaskBefore = umask(0o077)
    defer { umask(umaskBefore) }
    var secret = numbered(NumberedRows(count: 1), name: "rejected")
    secret.isConfidential = true
    try publish([numbered(NumberedRows(count: 1)), secret], in: workplace, formats: [.csv, .json, .xlsx])
    #expect(try workplace.mode("out/numbers.csv") == 0o644)
    #expect(try workplace.mode("out/rejected.csv") == 0o600)
    #expect(try workplace.mode("out/rejected.json") == 0o600)
    #expect(try workplace.mode("out/statistics.xlsx") == 0o600)
    #expect(try workplace.mode("out/run.json") == 0o644)
  }
}
