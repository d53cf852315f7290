import Bytes
import Diagnostics
package import Records

/// A stretch of a file that begins at one record and ends at another, as a document of its own: between the start tags and
/// the end tags of the elements around it.
package struct XMLPiece: Sendable {
  /// Place among the pieces of the file.
  let number: Int
  var bytes: [UInt8]
  /// Bytes of `bytes` that are start tags put before the piece: none for the first.
  var startTags: Int
  /// Where the piece ends in `bytes`, and the end tags begin; `Int.max` for the last, which has its own.
  var end: Int
  /// Line on which the piece begins, and its last.
  let lines: ClosedRange<Int>
  /// The start tags, by which it is known whether they are the right ones.
  var tags: [Surroundings.Tag]
  /// Frames of the elements around, with the document's.
  var frames: Int { tags.count + 1 }
  /// Lines of the file before the first of `bytes`, less those of the start tags.
  var linesBefore: Int { lines.lowerBound - 1 - count(UInt8(ascii: "\n"), in: bytes.span.extracting(0..<startTags)) }

  /// Puts other tags around it.
  mutating func replaceTags(_ tags: [Surroundings.Tag]) {
    if end < .max {
      bytes.removeSubrange(end...)
      bytes.append(contentsOf: Self.endTags(of: tags))
    }
    let before = Array(tags.map(\.text).joined())
    if end < .max { end += before.count - startTags }
    bytes.replaceSubrange(0..<startTags, with: before)
    startTags = before.count
    self.tags = tags
  }

  static func endTags(of tags: [Surroundings.Tag]) -> [UInt8] {
    Array(tags.reversed().flatMap { Array("</".utf8) + name(of: $0.text) + Array(">".utf8) })
  }

  /// The name that a start tag begins with.
  static func name(of tag: [UInt8]) -> ArraySlice<UInt8> { tag.dropFirst().prefix { !endsName($0) } }

  static func endsName(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
  }
}

/// What came of a piece, beside the batch of its records.
package struct ParsedXMLPiece: Sendable {
  let piece: XMLPiece
  package var number: Int { piece.number }
  let records: Int
  let unmapped: [UnmappedPlace]
  let undeclaredPrefix: Diagnostic?
  /// What was open at its end; `nil` for the last.
  let found: Surroundings.Found?
  /// Whether the piece is a sound document.
  let isSound: Bool
}

/// Parses pieces of one file, one after another. Unchecked: exactly one task has it at a time.
package final class XMLPieceParser: @unchecked Sendable {
  private let file: String
  private let plan: XMLPlan
  private let limits: XMLLimits
  private var parser: RecordParser?

  init(file: String, plan: XMLPlan, limits: XMLLimits) {
    self.file = file
    self.plan = plan
    self.limits = limits
  }

  /// - Parameter batch: gets the records, numbered as if the file began here.
  package func parse(_ piece: XMLPiece, into batch: inout RecordBatch) -> ParsedXMLPiece {
    batch.removeAll()
    do throws(ReadError) {
      let parser = try parser(for: piece)
      while try parser.advance() {}
      let assembler = parser.assembler
      let parsed = ParsedXMLPiece(
        piece: piece, records: assembler.recordCount, unmapped: assembler.unmappedInOrder,
        undeclaredPrefix: parser.undeclaredPrefix, found: assembler.surroundings.found,
        isSound: !assembler.hasMoreUnmapped && assembler.openRecord == nil)
      parser.take(&batch)
      return parsed
    } catch {
      parser = nil
      return ParsedXMLPiece(
        piece: piece, records: 0, unmapped: [], undeclaredPrefix: nil, found: nil, isSound: false)
    }
  }

  private func parser(for piece: XMLPiece) throws(ReadError) -> RecordParser {
    let ready: RecordParser
    if let parser, parser.restart(source: MemorySource([]), file: file) {
      ready = parser
    } else {
      ready = try RecordParser(source: MemorySource([]), file: file, plan: plan, limits: limits)
    }
    ready.begin(piece)
    parser = ready
    return ready
  }
}
