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
  /// The repeat (from 1) and which of its elements (from 1) the field is of; 0 for the record itself.
  package var group = 0
  package var element = 0
  /// What stands in the cell, where `found` is only its beginning or the new value of a correction.
  package var whole: String?

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
  /// `raw` without direct identifiers; `nil` when it has none.
  package var shown: [UInt8]?
  package var reasons: [RejectionReason]
  /// By what corrections name the record: its primary key, or its source and content.
  package var id = ""
  /// Places in the roster, as far as the record could be read.
  package var unit: Int?
  package var team: Int?
  /// What the record calls its team, when that is in no list.
  package var teamName = ""

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

/// What is counted of a rejected record or finding.
package struct RejectedOutline: Sendable {
  package var isFinding: Bool
  package var findings: Int
  package var unit: Int?
  package var team: Int?
  package var teamName: String
  /// Of its reasons.
  package var rules: [Rule] = []
}

/// Rejected records one behind another in bytes, so that a file of which nothing is right costs no more memory than its text.
@usableFromInline package struct RejectedLog: Sendable {
  package var bytes: [UInt8] = []
  package var count = 0
  /// Rules of the pipeline's own that reasons name, behind those of the catalogue.
  package internal(set) var declared: [Rule] = []

  package init() {}

  package mutating func append(_ record: RejectedRecord) {
    var encoder = ByteEncoder(bytes)
    bytes = []
    encoder.append(record.line)
    encoder.append(record.number)
    encoder.append(record.isFinding ? 1 : 0)
    encoder.append(record.findings)
    encoder.append(record.raw)
    encoder.append(record.shown == nil ? 0 : 1)
    if let shown = record.shown { encoder.append(shown) }
    encoder.append(record.id)
    encoder.append(record.unit ?? -1)
    encoder.append(record.team ?? -1)
    encoder.append(record.teamName)
    encoder.append(record.reasons.count)
    for reason in record.reasons { encode(reason, into: &encoder) }
    bytes = encoder.takeBytes()
    count += 1
  }

  package func forEachEntry(_ body: (RejectedRecord) throws -> Void) rethrows {
    var decoder = ByteDecoder(bytes)
    while !decoder.isAtEnd {
      var record = RejectedRecord(
        line: decoder.number(), number: decoder.number(), isFinding: decoder.number() == 1,
        findings: decoder.number(), raw: decoder.column(of: UInt8.self), reasons: [])
      if decoder.number() == 1 { record.shown = decoder.column(of: UInt8.self) }
      record.id = decoder.text()
      record.unit = Self.place(decoder.number())
      record.team = Self.place(decoder.number())
      record.teamName = decoder.text()
      for _ in 0..<decoder.number() { record.reasons.append(decode(from: &decoder)) }
      try body(record)
    }
  }

  /// The same without their texts: what is counted of them.
  package func forEachOutline(_ body: (RejectedOutline) throws -> Void) rethrows {
    var decoder = ByteDecoder(bytes)
    while !decoder.isAtEnd {
      decoder.skipNumbers(2)
      let (isFinding, findings) = (decoder.number() == 1, decoder.number())
      decoder.skipText()
      if decoder.number() == 1 { decoder.skipText() }
      decoder.skipText()
      var outline = RejectedOutline(
        isFinding: isFinding, findings: findings, unit: Self.place(decoder.number()),
        team: Self.place(decoder.number()), teamName: decoder.text())
      for _ in 0..<decoder.number() {
        outline.rules.append(rule(decoder.number()))
        decoder.skipNumbers(3)
        for _ in 0..<2 { decoder.skipText() }
        decoder.skipNumbers(2)
        if decoder.number() == 1 { decoder.skipText() }
        for _ in 0..<decoder.number() {
          for _ in 0...decoder.number() { decoder.skipText() }
        }
      }
      try body(outline)
    }
  }

  private func rule(_ number: Int) -> Rule {
    let known = Catalogue.all
    return number < known.count ? known[number] : declared[number - known.count]
  }

  private static func place(_ number: Int) -> Int? { number < 0 ? nil : number }

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
    encoder.append(reason.group)
    encoder.append(reason.element)
    encoder.append(reason.whole == nil ? 0 : 1)
    if let whole = reason.whole { encoder.append(whole) }
    encoder.append(reason.arguments)
  }

  private func decode(from decoder: inout ByteDecoder) -> RejectionReason {
    let rule = rule(decoder.number())
    let severity = Severity.allCases[decoder.number()]
    let line = decoder.number()
    let column = decoder.number()
    let field = decoder.text()
    let found = decoder.text()
    let (group, element) = (decoder.number(), decoder.number())
    let whole = decoder.number() == 0 ? nil : decoder.text()
    var reason = RejectionReason(
      Diagnostic(
        rule, severity: severity,
        at: SourceLocation(file: "", line: line, column: column, field: field.isEmpty ? nil : field), found: found,
        decoder.arguments()))
    (reason.group, reason.element, reason.whole) = (group, element, whole)
    return reason
  }

  func encode(into encoder: inout ByteEncoder) {
    encoder.append(bytes)
    encoder.append(count)
    encoder.append(declared.count)
    for rule in declared {
      encoder.append(rule.id)
      encoder.append(Severity.allCases.firstIndex(of: rule.severity) ?? 0)
      for text in [rule.title, rule.expected, rule.fix] { encoder.append(text) }
    }
  }

  init(from decoder: inout ByteDecoder) {
    bytes = decoder.column(of: UInt8.self)
    count = decoder.number()
    for _ in 0..<decoder.number() {
      let id = decoder.text()
      let severity = Severity.allCases[decoder.number()]
      let texts = (0..<3).map { _ in decoder.localizedText() }
      declared.append(Rule(id: id, severity: severity, title: texts[0], expected: texts[1], fix: texts[2]))
    }
  }
}
