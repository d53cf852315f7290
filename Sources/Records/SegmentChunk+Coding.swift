import Bytes

extension SegmentChunk {
  package func encoded() -> [UInt8] {
    var encoder = ByteEncoder()
    encoder.append(source)
    encoder.append(file)
    encode(records, into: &encoder)
    encoder.append(findings.kind)
    encoder.append(findings.category)
    encoder.append(findings.severity)
    encoder.append(findings.line)
    encoder.append(findings.column)
    encoder.append(findings.day)
    encoder.append(findings.textEnd)
    for words in openWords {
      encoder.append(words.count)
      for word in words {
        encoder.append(word.code)
        encoder.append(word.name)
      }
    }
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
    return encoder.bytes
  }

  package init(decoding bytes: [UInt8]) {
    var decoder = ByteDecoder(bytes)
    self.init(source: decoder.number(), file: decoder.number())
    records = Self.decodeRecords(from: &decoder)
    findings.kind = decoder.column(of: UInt8.self)
    findings.category = decoder.column(of: WordNumber.self)
    findings.severity = decoder.column(of: UInt8.self)
    findings.line = decoder.column(of: UInt32.self)
    findings.column = decoder.column(of: UInt32.self)
    findings.day = decoder.column(of: Int32.self)
    findings.textEnd = decoder.column(of: UInt32.self)
    openWords = openWords.map { _ in
      (0..<decoder.number()).map { _ in OpenWord(code: decoder.text(), name: decoder.text()) }
    }
    text = decoder.column(of: UInt8.self)
    values = decoder.column(of: UInt8.self)
    raw = decoder.column(of: UInt8.self)
    shown = decoder.column(of: UInt8.self)
    rejected = RejectedLog(from: &decoder)
    excluded = RejectedLog(from: &decoder)
    remarks = RejectedLog(from: &decoder)
    stored = StoredValues(from: &decoder)
    identity = decoder.column(of: UInt8.self)
    corrections = (0..<decoder.number()).map { _ in CorrectionOutcome(from: &decoder) }
    acceptedFaults = (0..<decoder.number()).map { _ in AcceptedFault(from: &decoder) }
    counts = decoder.checkCounts()
  }

  private func encode(_ records: RecordColumns, into encoder: inout ByteEncoder) {
    encoder.append(records.line)
    encoder.append(records.number)
    encoder.append(records.key)
    encoder.append(records.content)
    encoder.append(records.version)
    encoder.append(records.unit)
    encoder.append(records.team)
    encoder.append(records.method)
    encoder.append(records.mode)
    encoder.append(records.day)
    encoder.append(records.findings)
    encoder.append(records.valuesEnd)
    encoder.append(records.rawEnd)
    encoder.append(records.shownEnd)
    encoder.append(records.identityEnd)
    encoder.append(records.lateKeys.count)
    for column in records.lateKeys { encoder.append(column) }
    encoder.append(records.keyPlaces.count)
    for column in records.keyPlaces { encoder.append(column) }
  }

  private static func decodeRecords(from decoder: inout ByteDecoder) -> RecordColumns {
    var records = RecordColumns()
    records.line = decoder.column(of: UInt32.self)
    records.number = decoder.column(of: UInt32.self)
    records.key = decoder.column(of: Hash128.self)
    records.content = decoder.column(of: UInt64.self)
    records.version = decoder.column(of: Int64.self)
    records.unit = decoder.column(of: WordNumber.self)
    records.team = decoder.column(of: WordNumber.self)
    records.method = decoder.column(of: WordNumber.self)
    records.mode = decoder.column(of: WordNumber.self)
    records.day = decoder.column(of: Int32.self)
    records.findings = decoder.column(of: UInt32.self)
    records.valuesEnd = decoder.column(of: UInt32.self)
    records.rawEnd = decoder.column(of: UInt32.self)
    records.shownEnd = decoder.column(of: UInt32.self)
    records.identityEnd = decoder.column(of: UInt32.self)
    records.lateKeys = (0..<decoder.number()).map { _ in decoder.column(of: Hash128.self) }
    records.keyPlaces = (0..<decoder.number()).map { _ in decoder.column(of: UInt64.self) }
    return records
  }
}
