package import Bytes
package import Diagnostics
package import Records

/// Cuts one XML file where its records begin, so that tasks can parse its pieces side by side.
///
/// Where to cut is guessed: at what looks like the start tag of a record. Each piece is then parsed as a document of its own,
/// between the start tags and the end tags of the elements around the records. If it is a sound one, it neither begins nor
/// ends within a comment, a CDATA section or another record: the start tags are known to be right for the first piece, and
/// what is open at the end of one piece is what the next begins with. So the file is sound if all pieces are, and says the
/// same. Of anything else `isImpossible` tells, and the file has to be read in one go, which finds out what is wrong with it.
package final class XMLPieces {
  /// What `next` gives.
  package enum Cut {
    case piece(XMLPiece)
    case end
    /// This file cannot be read in pieces.
    case impossible
  }
  /// What becomes of a piece that was parsed.
  package enum Verdict {
    case accepted
    /// To be parsed again, with other tags around it.
    case again(XMLPiece)
    case impossible
  }

  private let source: any ByteSource
  private let file: String
  private let plan: XMLPlan
  private let limits: XMLLimits
  private let pieceSize: Int
  /// Start of the start tag of a record, with its `<`; empty until the first is found.
  private var mark: [UInt8] = []
  /// Start tags around the records, up to the piece that was accepted last.
  private var tags: [Surroundings.Tag] = []
  /// What was read and is in no piece yet.
  private var rest: [UInt8] = []
  private var isAtEnd = false
  /// Once it is, there is nothing more to give: what was read last is in no piece.
  private var isImpossible = false
  private var number = 0
  private var line = 1
  private var unmapped: [UnmappedPlace] = []
  private var placeOfUnmapped: [String: Int] = [:]
  private var hasMoreUnmapped = false
  private var undeclaredPrefix: Diagnostic?
  private var records = 0

  /// Bytes of a piece, more or less; at most eight times as many.
  package static let usualPieceSize = 512 << 10

  package init(
    source: any ByteSource, file: String, plan: XMLPlan, limits: XMLLimits = XMLLimits(),
    pieceSize: Int = XMLPieces.usualPieceSize
  ) {
    self.source = source
    self.file = file
    self.plan = plan
    self.limits = limits
    self.pieceSize = pieceSize
  }

  /// A parser for pieces, for one task at a time.
  package func makeParser() -> XMLPieceParser { XMLPieceParser(file: file, plan: plan, limits: limits) }

  // MARK: Cutting

  /// Reads one more piece.
  package func next() throws(ReadError) -> Cut {
    guard !isImpossible else { return .impossible }
    guard !isAtEnd else { return .end }
    if mark.isEmpty, try !findRecord() { return impossible() }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(pieceSize + pieceSize / 4)
    if number > 0 { for tag in tags { bytes.append(contentsOf: tag.text) } }
    let startTags = bytes.count
    bytes.append(contentsOf: rest)
    rest.removeAll(keepingCapacity: true)
    var size = pieceSize
    while true {
      isAtEnd = try source.append(to: &bytes, upTo: startTags + size)
      if isAtEnd { return .piece(piece(bytes, startTags, end: nil)) }
      // At the beginning stands the record at which the piece before ends.
      if let end = lastRecord(in: bytes.span, after: startTags) {
        rest.append(contentsOf: bytes[end...])
        bytes.removeSubrange(end...)
        bytes.append(contentsOf: XMLPiece.endTags(of: tags))
        return .piece(piece(bytes, startTags, end: end))
      }
      guard size < 8 * pieceSize else { return impossible() }
      size *= 2
    }
  }

  private func impossible() -> Cut {
    isImpossible = true
    return .impossible
  }

  /// Looks for the first record in the first bytes.
  private func findRecord() throws(ReadError) -> Bool {
    // Within a piece no limit on larger things can be met.
    guard min(limits.section, limits.record) >= 8 * pieceSize,
      try !source.append(to: &rest, upTo: 2 * pieceSize)
    else { return false }
    let head = MemorySource(Array(rest.prefix(pieceSize)))
    let parser = try RecordParser(source: head, file: file, plan: plan, limits: limits)
    parser.lookForRecord()
    // Where the head ends, the document does not.
    while parser.assembler.surroundings.found == nil, let isMore = try? parser.advance(), isMore {}
    guard let found = parser.assembler.surroundings.found, found.isClear, !found.tags.isEmpty, !parser.isVersion11
    else { return false }
    mark = Array("<".utf8) + XMLPiece.name(of: found.record)
    tags = found.tags
    return true
  }

  private func piece(_ bytes: [UInt8], _ startTags: Int, end: Int?) -> XMLPiece {
    let first = line
    line += count(UInt8(ascii: "\n"), in: bytes.span.extracting(startTags..<(end ?? bytes.count)))
    defer { number += 1 }
    return XMLPiece(
      number: number, bytes: bytes, startTags: startTags, end: end ?? .max, lines: first...line, tags: tags)
  }

  /// The last place behind `start` at which a record may begin.
  private func lastRecord(in bytes: Span<UInt8>, after start: Int) -> Int? {
    var place = bytes.count - mark.count - 1
    while place > start {
      if bytes[place] == UInt8(ascii: "<"), begins(bytes, at: place) { return place }
      place -= 1
    }
    return nil
  }

  private func begins(_ bytes: Span<UInt8>, at place: Int) -> Bool {
    for index in mark.indices where bytes[place + index] != mark[index] { return false }
    return XMLPiece.endsName(bytes[place + mark.count])
  }

  // MARK: Putting together

  /// Takes the pieces in their order. The records of an accepted one get their numbers in the file.
  package func judge(_ parsed: ParsedXMLPiece, _ batch: inout RecordBatch) -> Verdict {
    let piece = parsed.piece
    if piece.number > 0, piece.tags != tags {
      var again = piece
      again.replaceTags(tags)
      return .again(again)
    }
    guard parsed.isSound else { return .impossible }
    if piece.end < .max {
      // That the library counts lines as they were counted here means that places are what they would be in one go.
      guard let found = parsed.found, found.isClear, found.line == piece.lines.upperBound else { return .impossible }
      tags = found.tags
    }
    batch.firstRecord = records + 1
    for index in batch.faults.indices { batch.faults[index].diagnostic.location.record += records }
    records += parsed.records
    undeclaredPrefix = undeclaredPrefix ?? parsed.undeclaredPrefix
    for place in parsed.unmapped { add(place) }
    return .accepted
  }

  /// Reads the file piece by piece in one task, as tests do; `false` when it cannot be read so to its end.
  package func readAll(into batch: inout RecordBatch, _ body: (RecordBatch) -> Void) throws(ReadError) -> Bool {
    let parser = makeParser()
    // A piece may have to wait while those before it change what is around it.
    var waiting: [XMLPiece] = []
    while true {
      while waiting.count < 3, case .piece(let piece) = try next() { waiting.append(piece) }
      if isImpossible { return false }
      guard !waiting.isEmpty else { return true }
      let piece = waiting.removeFirst()
      switch judge(parser.parse(piece, into: &batch), &batch) {
      case .accepted: body(batch)
      case .again(let piece): waiting.insert(piece, at: 0)
      case .impossible: return false
      }
    }
  }

  private func add(_ place: UnmappedPlace) {
    if let known = placeOfUnmapped[place.identity] {
      unmapped[known].count += place.count
    } else if unmapped.count < RecordAssembler.usualUnmappedKept {
      placeOfUnmapped[place.identity] = unmapped.count
      unmapped.append(place)
    } else {
      hasMoreUnmapped = true
    }
  }

  /// What was read; complete when all pieces were accepted.
  package var account: ReadingAccount {
    var account = ReadingAccount()
    account.dialect = plan.dialect
    account.records = records
    account.rows = records
    account.finish(
      UnmappedText(unmapped.sorted(by: UnmappedPlace.isMoreFrequent), hasMore: hasMoreUnmapped, plan), plan, file: file,
      undeclaredPrefix: undeclaredPrefix)
    return account
  }
}
