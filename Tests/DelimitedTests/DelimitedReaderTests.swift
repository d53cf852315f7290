import Bytes
import Campaign
import Diagnostics
import Encodings
import Foundation
import Records
import SeededRandom
import Testing

@testable import Delimited

@Suite struct DelimitedReaderTests {
  @Test(arguments: [
    ("a,b\n1,2\n", [["1", "2"]]),
    ("a,b\r\n1,2\r\n", [["1", "2"]]),
    ("a,b\r1,2\r", [["1", "2"]]),
    ("a,b\n1,2", [["1", "2"]]),
    ("a,b\n1,2\n\n\n", [["1", "2"]]),
    ("a,b\n\"1\n2\",\"3,4\"\n", [["1\n2", "3,4"]]),
    ("a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", [["say \"hi\"", "\""]]),
    ("a,b\n\"\",\"\"\nx,\n", [["x", ""]]),
    ("a,b\n5\" pipe,x\"y\"\n", [["5\" pipe", "x\"y\""]]),
    ("a;b\n1,5;2\n3,5;4\n", [["1,5", "2"], ["3,5", "4"]]),
    ("a\tb\n1\t2\n", [["1", "2"]]),
    ("a|b\n1|2\n", [["1", "2"]]),
    ("a，b\n1，2\n", [["1", "2"]]),
    ("a,b\n'1,1','2'\n'3','4'\n", [["1,1", "2"], ["3", "4"]]),
    ("a,b\n\"say \\\"hi\\\", you\",2\n", [["say \"hi\", you", "2"]]),
  ])
  func readsEveryUsualForm(text: String, expected: [[String]]) throws {
    let table = try read(text, fields: [field("a"), field("b")])
    #expect(table.rows == expected)
    #expect(table.faults.isEmpty)
    #expect(table.columnCount == 2)
    #expect(table.columnOfField == [0, 1])
  }

  @Test func aHeaderAloneIsATableWithoutRecords() throws {
    let table = try read("a,b\n", fields: [field("a"), field("b")])
    #expect(table.rows.isEmpty)
    #expect(table.account.columns.map(\.field) == ["a", "b"])
    #expect(table.account.rows == 1)
  }

  @Test(arguments: ["", "\n", "\r\n\r\n", " \n\t\n　\n"])
  func refusesAnEmptyFile(text: String) {
    let error = #expect(throws: ReadError.self) { try read(text, fields: [field("a")]) }
    #expect(error?.diagnostic.rule == .fileEmpty)
  }

  @Test func refusesAFileOfOtherColumns() {
    let error = #expect(throws: ReadError.self) { try read("x,y\n1,2\n", fields: [field("a"), field("b")]) }
    #expect(error?.diagnostic.rule == .headerNotFound)
    #expect(error?.diagnostic.found == "x,y")
  }

  @Test(arguments: [
    ("a,b\n\"1\"x,2\n3,4\n", ["text-after-quote"], [2], ["\"1\"x,2", "3,4"]),
    ("a,b\n1,\"2\n3,4\n5,6\n", ["unclosed-quote"], [2], ["1,\"2", "3,4", "5,6"]),
    ("a,b\n1,\"2\nonly\n5,6\n", ["unclosed-quote"], [2], ["1,\"2\nonly", "5,6"]),
    ("a,b\n1,2\n\"3,4", ["unclosed-quote"], [3], ["1,2", "\"3,4"]),
    ("a,b\n1,\0\n3,4\n", ["nul-byte"], [2], ["1,\0", "3,4"]),
    ("a,b\n\"x\ny\0\",2\n", ["nul-byte"], [3], ["\"x\ny\0\",2"]),
  ])
  func rejectsTheRecordAndGoesOn(text: String, faults: [String], lines: [Int], raws: [String]) throws {
    let table = try read(text, fields: [field("a"), field("b")])
    #expect(table.faults == faults)
    #expect(table.faultLines == lines)
    #expect(table.raws == raws)
  }

  @Test func limitsAQuotedCellAndARecord() throws {
    var limits = DelimitedLimits()
    limits.quotedLines = 3
    limits.recordBytes = 30
    let long = String(repeating: "x", count: 100)
    let table = try read(
      "a,b\n\"1\n2\n3\n4\n5\",6\n7,8\n\(long)\n9,10\n", fields: [field("a"), field("b")], limits: limits)
    #expect(table.faults.prefix(1) == ["unclosed-quote"])
    #expect(table.faults.last == "record-too-large")
    #expect(table.rows.contains(["7", "8"]))
    #expect(table.rows.last == ["9", "10"])
    #expect(table.lines.last == 9)
  }

  @Test(arguments: [1, 2, 3, 7, 64, 65, 1000])
  func blockSizeDoesNotMatter(blockSize: Int) throws {
    var text = "标题行,,\n\n单位,日期,问题\n"
    for index in 0..<300 {
      text += "\(index % 3 == 0 ? "单位\(index)" : ""),2022-11-0\(index % 9 + 1),\"第\(index)条，\n\"\"原文\"\"\"\n"
      if index % 50 == 7 { text += "单位,日期,问题\r\n" }
      if index % 60 == 8 { text += "小计,,\(index)\n,,\n" }
      if index % 70 == 9 { text += "\"坏\"了,1,2\n" }
    }
    let fields = [field("单位"), field("日期"), field("问题")]
    var limits = DelimitedLimits()
    limits.batchBytes = 100 + blockSize
    let whole = try read(text, fields: fields, fillDown: ["单位"])
    let split = try read(text, fields: fields, fillDown: ["单位"], limits: limits, blockSize: blockSize)
    #expect(split.rows == whole.rows)
    #expect(split.lines == whole.lines)
    #expect(split.raws == whole.raws)
    #expect(split.faultLines == whole.faultLines)
    #expect(split.account.skipped == whole.account.skipped)
    #expect(split.account.notes == whole.account.notes)
    #expect(whole.account.rows == whole.rows.count + whole.account.skipped.values.reduce(0, +))
  }

  @Test(arguments: [20, 40, 64, 200])
  func aRecordNeverCrossesABatch(batchBytes: Int) throws {
    var text = "单位,日期,问题\n"
    for index in 0..<200 { text += index % 4 == 0 ? "甲\(index),11-3,p\n" : ",,第\(index)条\n" }
    var limits = DelimitedLimits()
    limits.batchBytes = batchBytes
    limits.headBytes = 64
    let table = try read(
      text, fields: [field("单位"), field("日期"), field("问题")], continuation: ["单位", "日期"], limits: limits, blockSize: 13)
    #expect(table.rows.count == 200)
    #expect(table.account.records == 50)
    #expect(table.starts.enumerated().allSatisfy { $1 == ($0 % 4 == 0) })
  }

  @Test(arguments: [11 as UInt64, 12])
  func randomTextIsReadTheSameInAnyBlocks(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let pieces = [
      "a", "b", "\"", "'", ",", ",", ";", "\n", "\r\n", "\r", "\t", "\0", "中", "合计", "a,b\n", "\"x\ny\",", "　",
    ]
    let fields = [field("a"), field("b")]
    for round in 0..<2500 {
      var text = round % 4 == 0 ? "" : "a,b\n"
      for _ in 0..<Int.random(in: 0...60, using: &generator) { text += pieces.randomElement(using: &generator) ?? "" }
      var limits = DelimitedLimits()
      limits.headBytes = 8
      if round % 5 == 0 { limits.recordBytes = 48 }
      let fill = round % 2 == 0 ? ["a"] : []
      let continuation = round % 3 == 0 && round % 5 != 0 ? ["a"] : []
      var results: [Result<ReadTable, any Error>] = []
      for (batchBytes, blockSize) in [(1 << 20, Int.max), (1 + round % 70, 1 + round % 13)] {
        limits.batchBytes = batchBytes
        results.append(
          Result {
            try read(
              text, fields: fields, fillDown: fill, continuation: continuation, limits: limits, blockSize: blockSize)
          })
      }
      switch (results[0], results[1]) {
      case (.success(let whole), .success(let split)):
        let same =
          whole.rows == split.rows && whole.raws == split.raws && whole.lines == split.lines
          && whole.faults == split.faults && whole.starts == split.starts
          && whole.account.notes == split.account.notes && whole.account.skipped == split.account.skipped
        #expect(same, "seed \(seed) round \(round): \(text.debugDescription)")
        #expect(whole.account.rows == whole.rows.count + whole.account.skipped.values.reduce(0, +))
      case (.failure(let whole as ReadError), .failure(let split as ReadError)):
        #expect(whole == split, "seed \(seed) round \(round): \(text.debugDescription)")
      default: Issue.record("seed \(seed) round \(round): \(text.debugDescription)")
      }
    }
  }

  @Test func aRecordThatIsContinuedWithoutEndIsCutAndRejected() throws {
    var limits = DelimitedLimits()
    limits.batchBytes = 64
    limits.recordBytes = 256
    let text = "a,b\n1,1\nx,1\n" + String(repeating: ",2\n", count: 400) + "y,3\n"
    let table = try read(text, fields: [field("a"), field("b")], continuation: ["a"], limits: limits)
    #expect(table.rows.count == 403)
    #expect(Set(table.faults) == ["record-too-large"])
    #expect(table.rows.last == ["y", "3"])
    #expect(!table.faultLines.contains(table.lines.last ?? 0))
  }
}

@Suite struct UndecodableTextTests {
  @Test func aRecordWithBytesThatDoNotDecodeIsRejectedWithTheirPlace() throws {
    let bytes = Array("a,b\n1,2\n3,".utf8) + [0xFF, 0xFE] + Array("\n5,6\n\"x\n".utf8) + [0x80] + Array("\",8\n".utf8)
    let encoding = DetectedEncoding(name: "utf-8", evidence: LocalizedText(""))
    let decoder = try UTF8Decoder(MemorySource(bytes, blockSize: 3), encoding: encoding, file: "f")
    let reader = try DelimitedReader(source: decoder, file: "f", fields: [field("a"), field("b")])
    var batch = RecordBatch()
    #expect(try reader.next(&batch))
    #expect(batch.rows.count == 4)
    #expect(batch.faults.map(\.row) == [1, 3])
    #expect(batch.faults.map(\.diagnostic.found) == ["FF FE", "80"])
    #expect(batch.faults.map(\.diagnostic.arguments) == [[.literal("10")], [.literal("20")]])
    #expect(batch.faults.map(\.diagnostic.location.line) == [3, 6])
  }
}
