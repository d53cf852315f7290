package import Diagnostics

// What was found out about a file, in bytes: it goes to disk beside the file's chunks. Rules are named, so that it can be
// read wherever they are known; those of a pipeline's own come with their sentences.

extension ByteEncoder {
  mutating func append(_ text: LocalizedText) {
    append(text.zh)
    append(text.en)
  }

  /// At most one value: none is a column without elements.
  mutating func append(_ text: String?) {
    append(text == nil ? 0 : 1)
    if let text { append(text) }
  }

  package mutating func append(_ rule: Rule) {
    append(rule.id)
    let isOwn = Catalogue.rule(rule.id) == nil
    append(isOwn ? 1 : 0)
    if isOwn {
      append(rule.severity.rawValue)
      for text in [rule.title, rule.expected, rule.fix] { append(text) }
    }
  }

  package mutating func append(_ diagnostic: Diagnostic) {
    append(diagnostic.rule)
    append(diagnostic.severity.rawValue)
    append(diagnostic.location.file)
    append(diagnostic.location.line)
    append(diagnostic.location.column)
    append(diagnostic.location.record)
    append(diagnostic.location.field)
    append(diagnostic.found)
    append(diagnostic.arguments)
  }

  mutating func append(_ arguments: [Argument]) {
    append(arguments.count)
    for argument in arguments {
      switch argument {
      case .literal(let text):
        append(0)
        append(text)
      case .word(let word):
        append(1)
        append(word)
      }
    }
  }

  package mutating func append(_ diagnostics: [Diagnostic]) {
    append(diagnostics.count)
    for diagnostic in diagnostics { append(diagnostic) }
  }

  mutating func append(_ counts: CheckCounts) {
    for total in CheckCounts.totals { append(counts[keyPath: total]) }
    append(counts.byRule.count)
    for (rule, count) in counts.byRule.sorted(by: { $0.key < $1.key }) {
      append(rule)
      append(count)
    }
    for entries in [counts.decisions, counts.blanks] {
      append(entries.count)
      for (key, count) in entries.sorted(by: { $0.key < $1.key }) { append([key, count]) }
    }
  }

  mutating func append(_ account: ReadingAccount) {
    append(account.records)
    append(account.rows)
    append(account.skipped.count)
    for (reason, count) in account.skipped.sorted(by: { $0.key < $1.key }) {
      append(reason)
      append(count)
    }
    append(account.dialect)
    append(account.dialectParts.count)
    for part in account.dialectParts {
      append(part.name)
      append(part.value)
    }
    append(columns: account.columns)
    append(account.notes)
  }

  /// The number of the list among those that came before; if there was none like it, the list. Files that were read alike
  /// share one.
  private mutating func append(columns: [(header: String, field: String?)]) {
    let place = unsafe columns.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    if let known = placesOfLists[place], columnLists[known].count == columns.count { return append(known) }
    append(columnLists.count)
    placesOfLists[place] = columnLists.count
    columnLists.append(columns)
    append(columns.count)
    for column in columns {
      append(column.header)
      append(column.field)
    }
  }

  /// Without `repeats`, which only a run knows.
  package mutating func append(_ report: FileReport) {
    append(report.path)
    append(report.source)
    append(report.fingerprint)
    append(report.size)
    append(report.encoding)
    append(report.encodingEvidence)
    append(report.reading)
    append(report.counts)
    append(report.failure.map { [$0] } ?? [])
  }
}

extension ByteDecoder {
  mutating func localizedText() -> LocalizedText { LocalizedText(zh: text(), en: text()) }
  mutating func optionalText() -> String? { number() == 0 ? nil : text() }
  private mutating func severity() -> Severity { Severity(rawValue: text()) ?? .error }

  package mutating func rule() -> Rule {
    let id = text()
    guard number() == 1 else { return Catalogue.rule(id) ?? .internalError }
    return Rule(id: id, severity: severity(), title: localizedText(), expected: localizedText(), fix: localizedText())
  }

  package mutating func diagnostic() -> Diagnostic {
    let rule = rule()
    let severity = severity()
    let location = SourceLocation(
      file: text(), line: number(), column: number(), record: number(), field: optionalText())
    let found = text()
    return Diagnostic(rule, severity: severity, at: location, found: found, arguments())
  }

  mutating func arguments() -> [Argument] {
    (0..<number()).map { _ in number() == 0 ? Argument.literal(text()) : Argument.word(localizedText()) }
  }

  package mutating func diagnostics() -> [Diagnostic] { (0..<number()).map { _ in diagnostic() } }

  mutating func checkCounts() -> CheckCounts {
    var counts = CheckCounts()
    for total in CheckCounts.totals { counts[keyPath: total] = number() }
    for _ in 0..<number() {
      let rule = text()
      counts.byRule[rule] = number()
    }
    for entries in [\CheckCounts.decisions, \CheckCounts.blanks] {
      for _ in 0..<number() {
        let entry = column(of: Int.self)
        counts[keyPath: entries][entry[0]] = entry[1]
      }
    }
    return counts
  }

  mutating func account() -> ReadingAccount {
    var account = ReadingAccount()
    account.records = number()
    account.rows = number()
    for _ in 0..<number() {
      let reason = text()
      account.skipped[reason] = number()
    }
    account.dialect = text()
    account.dialectParts = (0..<number()).map { _ in (text(), text()) }
    account.columns = columns()
    account.notes = diagnostics()
    return account
  }

  private mutating func columns() -> [(header: String, field: String?)] {
    let number = number()
    if number < columnLists.count { return columnLists[number] }
    columnLists.append((0..<self.number()).map { _ in (text(), optionalText()) })
    return columnLists[number]
  }

  package mutating func fileReport() -> FileReport {
    var report = FileReport(path: text(), source: number())
    report.fingerprint = text()
    report.size = number()
    report.encoding = text()
    report.encodingEvidence = localizedText()
    report.reading = account()
    report.counts = checkCounts()
    report.failure = diagnostics().first
    return report
  }
}
