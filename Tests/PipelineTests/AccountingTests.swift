import Campaign
import Diagnostics
import Records
import Testing

@testable import Pipeline

/// A run over two files of two sources, in which everything adds up.
private struct Books {
  var files = [FileReport(path: "a.csv", source: 0), FileReport(path: "b.xml", source: 1)]
  var reconciliation = Reconciliation()
  var tables = [Sums(), Sums()]

  init() {
    for file in files.indices {
      files[file].reading.records = 12
      files[file].counts.records = 12
      files[file].counts.accepted = 9
      files[file].counts.rejected = 2
      files[file].counts.excluded = 1
      files[file].counts.findings = 20
      files[file].counts.findingsAccepted = 13
      files[file].counts.findingsRejectedAlone = 2
      files[file].counts.findingsInRejectedRecords = 4
      files[file].counts.findingsInExcludedRecords = 1
      var counts = VerdictCounts()
      (counts.records, counts.findings) = ([5, 1, 2, 1], [7, 1, 3, 2])
      reconciliation.counts.append(counts)
      tables[file].records.tallied = 5
      tables[file].records.rejected = 3
      tables[file].records.duplicate = 1
      tables[file].records.superseded = 2
      tables[file].records.excluded = 1
      tables[file].findings.tallied = 7
      tables[file].findings.rejected = 8
      tables[file].findings.duplicate = 1
      tables[file].findings.superseded = 3
      tables[file].findings.excluded = 1
    }
  }

  var accounting: Accounting {
    Accounting(files: files, reconciliation: reconciliation, tables: tables, sources: 2)
  }
}

@Suite struct AccountingTests {
  @Test func whatAddsUpIsProved() throws {
    let accounting = Books().accounting
    try accounting.prove()
    #expect(accounting.holds && accounting.total.records.read == 24 && accounting.total.findings.read == 40)
    #expect(accounting.total.records.rejected == 6 && accounting.total.findings.rejected == 16)
    #expect(
      accounting.line(.en).hasPrefix(
        "Records: 24 read = 10 tallied + 6 rejected + 2 duplicate + 4 superseded + 2 excluded\n"))
    #expect(accounting.line(.zh).hasPrefix("记录：读到 24 = 计入 10 + 退回 6 + 重复 2 + 已有新版本 4 + 不在范围内 2\n"))
  }

  struct Mistake: CustomTestStringConvertible {
    var testDescription: String
    var source: String
    var make: @Sendable (inout Accounting.Parts) -> Void
  }

  @Test(arguments: [
    Mistake(testDescription: "Read counted a record that Check never saw", source: "files") {
      $0.files[1].reading.records += 1
    },
    Mistake(testDescription: "Check lost a record", source: "files") {
      $0.files[0].counts.rejected -= 1
      $0.tables[0].records.rejected -= 1
    },
    Mistake(testDescription: "a finding was counted twice by Check", source: "files") {
      $0.files[0].counts.findings += 1
    },
    Mistake(testDescription: "Tally dropped a record", source: "source 1") { $0.tables[0].records.tallied -= 1 },
    Mistake(testDescription: "Tally counted a record twice", source: "source 2") { $0.tables[1].records.tallied += 1 },
    Mistake(testDescription: "a finding is missing in the tables", source: "source 2") {
      $0.tables[1].findings.tallied -= 1
    },
    Mistake(testDescription: "a rejected record was not written down", source: "source 1") {
      $0.tables[0].records.rejected -= 1
    },
    Mistake(testDescription: "a duplicate was tallied", source: "source 1") {
      $0.tables[0].records.duplicate -= 1
      $0.tables[0].records.tallied += 1
    },
    Mistake(testDescription: "records went to the other source", source: "source 1") {
      $0.tables[0].records.tallied -= 1
      $0.tables[1].records.tallied += 1
    },
    Mistake(testDescription: "an excluded record vanished", source: "source 2") { $0.tables[1].records.excluded = 0 },
  ])
  func aMistakeEndsTheRun(mistake: Mistake) throws {
    let books = Books()
    var parts = Accounting.Parts(files: books.files, reconciliation: books.reconciliation, tables: books.tables)
    mistake.make(&parts)
    let accounting = Accounting(
      files: parts.files, reconciliation: parts.reconciliation, tables: parts.tables, sources: 2)
    let failure = #expect(throws: RunFailure.self) { try accounting.prove() }
    #expect(!accounting.holds && failure?.exitStatus == 70)
    #expect(failure?.diagnostics.allSatisfy { $0.rule == .sumBroken } == true)
    #expect(failure?.diagnostics.first?.location.file == mistake.source)
  }
}

extension Accounting {
  /// What a sum is made of, to be changed by hand.
  struct Parts {
    var files: [FileReport]
    var reconciliation: Reconciliation
    var tables: [Sums]
  }
}

@Suite struct RepeatedFileTests {
  @Test func aFileWithTheContentOfAnEarlierOneIsMarked() {
    var reports = ["a", "b", "c", "d", "e"].map { FileReport(path: $0, source: $0 == "d" ? 1 : 0) }
    for index in reports.indices { reports[index].fingerprint = "f" }
    reports[0].failure = Diagnostic(.fileEmpty, at: SourceLocation(file: "a"))
    let marked = reports.markingRepeats()
    #expect(marked.map(\.repeats) == [nil, nil, 1, nil, 1])
    #expect(marked[4].reading.notes.map(\.rule) == [.fileRepeated])
  }

  @Test func severalContentsAreToldApart() {
    var reports = (0..<7).map { FileReport(path: "\($0)", source: 0) }
    // The second and the third differ only in front of the digits that are looked at first.
    let end = String(repeating: "a", count: 16)
    let prints = ["f", "1" + end, "2" + end, "2" + end, "f", "1" + end, "0f"]
    for (index, print) in prints.enumerated() { reports[index].fingerprint = print }
    #expect(reports.markingRepeats().map(\.repeats) == [nil, nil, nil, 2, 0, 1, nil])
  }

  /// Whatever the keys are: two things of one key are told apart, beside a thing that has the next key.
  @Test func firstPlacesAreFound() {
    let things = [("a", 5), ("b", 5), ("c", 6), ("d", 5), ("e", 7)] as [(name: String, key: UInt)]
    var first = FirstPlaces(most: 3)
    for _ in 0..<2 {
      for (place, thing) in things.enumerated() {
        let found = first.findOrAdd(thing.key, place) { things[$0].name == thing.name }
        #expect(found == nil || found == place)
      }
    }
    for (place, thing) in things.enumerated() {
      #expect(first.findOrAdd(thing.key, 99) { things[$0].name == thing.name } == place)
    }
  }
}
