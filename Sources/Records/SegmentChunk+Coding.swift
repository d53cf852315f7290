import Bytes

/// Chunks in bytes one behind another, as a segment file takes them.
package struct EncodedChunks: Sendable {
  private var encoder = ByteEncoder()
  /// Of each chunk, as if the first stood at the beginning of a file.
  package private(set) var places: [ChunkPlace] = []
  package var bytes: [UInt8] { encoder.bytes }

  package init() {}

  package init(_ chunks: [SegmentChunk]) {
    encoder.reserve(chunks.reduce(0) { $0 + $1.footprint })
    for chunk in chunks { append(chunk) }
  }

  /// A chunk that is in bytes already.
  package init(_ bytes: [UInt8], _ place: ChunkPlace) {
    encoder = ByteEncoder(bytes)
    var place = place
    place.offset = 0
    places = [place]
  }

  package mutating func append(_ chunk: SegmentChunk) { places.append(chunk.encode(into: &encoder)) }
}

extension SegmentChunk {
  /// The bytes of a chunk, and where its parts are in them.
  package typealias Encoded = (bytes: [UInt8], place: ChunkPlace)

  package func encoded() -> Encoded {
    var encoder = ByteEncoder()
    encoder.reserve(footprint)
    let place = encode(into: &encoder)
    return (encoder.bytes, place)
  }

  /// The words that are in no list, the keys, then the rest.
  func encode(into encoder: inout ByteEncoder) -> ChunkPlace {
    let start = encoder.bytes.count
    Self.encode(openWords, into: &encoder)
    let words = encoder.bytes.count - start
    ChunkKeys(records).encode(into: &encoder)
    let keys = encoder.bytes.count - start - words
    encode(records, into: &encoder)
    encoder.append(findings.kind)
    encoder.append(findings.category)
    encoder.append(findings.severity)
    encoder.append(findings.line)
    encoder.append(findings.column)
    encoder.append(findings.day)
    encoder.append(findings.textEnd)
    encoder.append(text)
    encoder.append(values)
    encoder.append(raw)
    encoder.append(shown)
    rejected.encode(into: &encoder)
    excluded.encode(into: &encoder)
    remarks.encode(into: &encoder)
    stored.encode(into: &encoder)
    encoder.append(identity)
    encoder.append(corrections.count)
    for outcome in corrections { outcome.encode(into: &encoder) }
    encoder.append(acceptedFaults.count)
    for fault in acceptedFaults { fault.encode(into: &encoder) }
    encoder.append(counts)
    return ChunkPlace(self, encoder.bytes.span.extracting(start...), at: start, words: words, keys: keys)
  }

  /// - Parameter file: place in the run of the file that it is of.
  package convenience init(decoding encoded: Encoded, file: Int = 0) {
    self.init(ChunkDraft(decoding: encoded, file: file))
  }

  private func encode(_ records: RecordColumns, into encoder: inout ByteEncoder) {
    encoder.append(records.line)
    encoder.append(records.number)
    encoder.append(records.unit)
    encoder.append(records.team)
    encoder.append(records.method)
    encoder.append(records.mode)
    encoder.append(records.day)
    encoder.append(records.valuesEnd)
    encoder.append(records.rawEnd)
    encoder.append(records.shownEnd)
    encoder.append(records.identityEnd)
    encoder.append(records.lateKeys.count)
    for column in records.lateKeys { encoder.append(column) }
    encoder.append(records.keyPlaces.count)
    for column in records.keyPlaces { encoder.append(column) }
  }
}

extension ChunkDraft {
  fileprivate init(decoding encoded: SegmentChunk.Encoded, file: Int) {
    let place = encoded.place
    var decoder = ByteDecoder(encoded.bytes)
    self.init(source: Int(place.source), file: file)
    openWords = SegmentChunk.openWords(from: &decoder, Int(place.words))
    let keys = ChunkKeys(from: &decoder, place.summary)
    records = Self.decodeRecords(from: &decoder)
    records.key = keys.key
    records.content = keys.content
    records.version = keys.version
    records.findings = keys.findings
    findings.kind = decoder.column(of: UInt8.self)
    findings.category = decoder.column(of: WordNumber.self)
    findings.severity = decoder.column(of: UInt8.self)
    findings.line = decoder.column(of: UInt32.self)
    findings.column = decoder.column(of: UInt32.self)
    findings.day = decoder.column(of: Int32.self)
    findings.textEnd = decoder.column(of: UInt32.self)
    text = decoder.column(of: UInt8.self)
    values = decoder.column(of: UInt8.self)
    raw = decoder.column(of: UInt8.self)
    shown = decoder.column(of: UInt8.self)
    rejected = RejectedLog(from: &decoder)
    excluded = RejectedLog(from: &decoder)
    remarks = RejectedLog(from: &decoder)
    stored = StoredValues(from: &decoder)
    identity = decoder.column(of: UInt8.self)
    corrections = decoder.list { CorrectionOutcome(from: &$0) }
    acceptedFaults = decoder.list { AcceptedFault(from: &$0) }
    counts = decoder.checkCounts()
  }

  private static func decodeRecords(from decoder: inout ByteDecoder) -> RecordColumns {
    var records = RecordColumns()
    records.line = decoder.column(of: UInt32.self)
    records.number = decoder.column(of: UInt32.self)
    records.unit = decoder.column(of: WordNumber.self)
    records.team = decoder.column(of: WordNumber.self)
    records.method = decoder.column(of: WordNumber.self)
    records.mode = decoder.column(of: WordNumber.self)
    records.day = decoder.column(of: Int32.self)
    records.valuesEnd = decoder.column(of: UInt32.self)
    records.rawEnd = decoder.column(of: UInt32.self)
    records.shownEnd = decoder.column(of: UInt32.self)
    records.identityEnd = decoder.column(of: UInt32.self)
    records.lateKeys = decoder.list { $0.column(of: Hash128.self) }
    records.keyPlaces = decoder.list { $0.column(of: UInt64.self) }
    return records
  }
}
