package import Diagnostics

/// One reason for which a record, a finding or a file was rejected.
package struct RejectionReason: Sendable, Hashable {
  package var rule: Rule
  package var severity: Severity
  package var line: Int
  package var column: Int
  package var field: String?
  package var found: String
  package var arguments: [Argument]

  package init(_ diagnostic: Diagnostic) {
    rule = diagnostic.rule
    severity = diagnostic.severity
    line = diagnostic.location.line
    column = diagnostic.location.column
    field = diagnostic.location.field
    found = diagnostic.found
    arguments = diagnostic.arguments
  }

  /// The fault again as a diagnostic of `file`.
  package func diagnostic(in file: String, record: Int) -> Diagnostic {
    Diagnostic(
      rule, severity: severity,
      at: SourceLocation(file: file, line: line, column: column, record: record, field: field), found: found, arguments)
  }
}

/// A rejected record with all its reasons, or a finding that was rejected alone.
package struct RejectedRecord: Sendable, Hashable {
  package var line: Int
  package var number: Int
  package var isFinding: Bool
  /// Findings that the record holds.
  package var findings: Int
  package var raw: [UInt8]
  package var reasons: [RejectionReason]

  package init(line: Int, number: Int, isFinding: Bool = false, findings: Int, raw: [UInt8], reasons: [RejectionReason])
  {
    self.line = line
    self.number = number
    self.isFinding = isFinding
    self.findings = findings
    self.raw = raw
    self.reasons = reasons
  }
}

/// Rejected records one behind another in bytes, so that a file of which nothing is right costs no more memory than its text.
package struct RejectedLog: Sendable {
  package var bytes: [UInt8] = []
  package var count = 0

  package init() {}

  package mutating func append(_ record: RejectedRecord) {
    var encoder = ByteEncoder()
    encoder.append(record.line)
    encoder.append(record.number)
    encoder.append(record.isFinding ? 1 : 0)
    encoder.append(record.findings)
    encoder.append(record.raw)
    encoder.append(record.reasons.count)
    for reason in record.reasons { Self.encode(reason, into: &encoder) }
    bytes.append(contentsOf: encoder.bytes)
    count += 1
  }

  package func forEachEntry(_ body: (RejectedRecord) throws -> Void) rethrows {
    var decoder = ByteDecoder(bytes)
    while !decoder.isAtEnd {
      var record = RejectedRecord(
        line: decoder.number(), number: decoder.number(), isFinding: decoder.number() == 1,
        findings: decoder.number(), raw: decoder.column(of: UInt8.self), reasons: [])
      for _ in 0..<decoder.number() { record.reasons.append(Self.decode(from: &decoder)) }
      try body(record)
    }
  }

  private static func encode(_ reason: RejectionReason, into encoder: inout ByteEncoder) {
    encoder.append(Catalogue.number(of: reason.rule))
    encoder.append(Severity.allCases.firstIndex(of: reason.severity) ?? 0)
    encoder.append(reason.line)
    encoder.append(reason.column)
    encoder.append(reason.field ?? "")
    encoder.append(reason.found)
    encoder.append(reason.arguments.count)
    for argument in reason.arguments {
      switch argument {
      case .literal(let text):
        encoder.append(0)
        encoder.append(text)
      case .word(let word):
        encoder.append(1)
        encoder.append(word.zh)
        encoder.append(word.en)
      }
    }
  }

  private static func decode(from decoder: inout ByteDecoder) -> RejectionReason {
    let rule = Catalogue.all[decoder.number()]
    let severity = Severity.allCases[decoder.number()]
    let line = decoder.number()
    let column = decoder.number()
    let field = decoder.text()
    let found = decoder.text()
    let arguments = (0..<decoder.number()).map { _ in
      decoder.number() == 0
        ? Argument.literal(decoder.text())
        : Argument.word(LocalizedText(zh: decoder.text(), en: decoder.text()))
    }
    return RejectionReason(
      Diagnostic(
        rule, severity: severity,
        at: SourceLocation(file: "", line: line, column: column, field: field.isEmpty ? nil : field), found: found,
        arguments))
  }
}
