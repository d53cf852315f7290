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
  /// Rules of the pipeline's own that reasons name, behind those of the catalogue.
  package internal(set) var declared: [Rule] = []

  package init() {}

  package mutating func append(_ record: RejectedRecord) {
    var encoder = ByteEncoder()
    encoder.append(record.line)
    encoder.append(record.number)
    encoder.append(record.isFinding ? 1 : 0)
    encoder.append(record.findings)
    encoder.append(record.raw)
    encoder.append(record.reasons.count)
    for reason in record.reasons { encode(reason, into: &encoder) }
    bytes.append(contentsOf: encoder.bytes)
    count += 1
  }

  package func forEachEntry(_ body: (RejectedRecord) throws -> Void) rethrows {
    var decoder = ByteDecoder(bytes)
    while !decoder.isAtEnd {
      var record = RejectedRecord(
        line: decoder.number(), number: decoder.number(), isFinding: decoder.number() == 1,
        findings: decoder.number(), raw: decoder.column(of: UInt8.self), reasons: [])
      for _ in 0..<decoder.number() { record.reasons.append(decode(from: &decoder)) }
      try body(record)
    }
  }

  /// A log says itself what its rules are, so that it can be read anywhere.
  private mutating func number(of rule: Rule) -> Int {
    if Catalogue.rule(rule.id) != nil { return Catalogue.number(of: rule) }
    if let known = declared.firstIndex(of: rule) { return Catalogue.all.count + known }
    declared.append(rule)
    return Catalogue.all.count + declared.count - 1
  }

  private mutating func encode(_ reason: RejectionReason, into encoder: inout ByteEncoder) {
    encoder.append(number(of: reason.rule))
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

  private func decode(from decoder: inout ByteDecoder) -> RejectionReason {
    let number = decoder.number()
    let known = Catalogue.all
    let rule = number < known.count ? known[number] : declared[number - known.count]
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

  func encode(into encoder: inout ByteEncoder) {
    encoder.append(bytes)
    encoder.append(count)
    encoder.append(declared.count)
    for rule in declared {
      encoder.append(rule.id)
      encoder.append(Severity.allCases.firstIndex(of: rule.severity) ?? 0)
      for text in [rule.title, rule.expected, rule.fix] {
        encoder.append(text.zh)
        encoder.append(text.en)
      }
    }
  }

  init(from decoder: inout ByteDecoder) {
    bytes = decoder.column(of: UInt8.self)
    count = decoder.number()
    for _ in 0..<decoder.number() {
      let id = decoder.text()
      let severity = Severity.allCases[decoder.number()]
      let texts = (0..<3).map { _ in LocalizedText(zh: decoder.text(), en: decoder.text()) }
      declared.append(Rule(id: id, severity: severity, title: texts[0], expected: texts[1], fix: texts[2]))
    }
  }
}
