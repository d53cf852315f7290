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
    append(recurring: rule.id)
    let isOwn = Catalogue.rule(rule.id) == nil
    append(isOwn ? 1 : 0)
    if isOwn {
      append(rule.severity.rawValue)
      for text in [rule.title, rule.expected, rule.fix] { append(text) }
    }
  }

  package mutating func append(_ diagnostic: Diagnostic) {
    append(diagnostic.rule)
    append(recurring: diagnostic.severity.rawValue)
    append(file: diagnostic.location.file)
    append(diagnostic.location.line)
    append(diagnostic.location.column)
    append(diagnostic.location.record)
    append(diagnostic.location.field)
    append(recurring: diagnostic.found)
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
    let totals = counts.totals
    for place in 0..<CheckCounts.totalCount { append(totals[place]) }
    append(counts.byRule.count)
    if !counts.byRule.isEmpty {
      for (rule, count) in counts.byRule.sorted(by: { $0.key < $1.key }) {
        append(rule)
        append(count)
      }
    }
    append(counts.decisions)
    append(counts.blanks)
  }

  private mutating func append(_ entries: [Int: Int]) {
    append(entries.count)
    if entries.isEmpty { return }
    for (key, count) in entries.sorted(by: { $0.key < $1.key }) { append([key, count]) }
  }

  mutating func append(_ account: ReadingAccount) {
    append(account.records)
    append(account.rows)
    append(account.skipped.count)
    if !account.skipped.isEmpty {
      for (reason, count) in account.skipped.sorted(by: { $0.key < $1.key }) {
        append(reason)
        append(count)
      }
    }
    append(recurring: account.dialect)
    append(account.dialectParts.count)
    for part in account.dialectParts {
      append(recurring: part.name)
      append(recurring: part.value)
    }
    append(columns: account.columns)
    append(account.notes)
  }

  /// The number of the list among those that came before; if there was none like it, the list. Files that were read alike
  /// share one.
  private mutating func append(columns: [(header: String, field: String?)]) {
    let place = unsafe columns.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    if place == lastList.place, place != 0, columnLists[lastList.number].count == columns.count {
      return append(lastList.number)
    }
    if let known = placesOfLists[place], columnLists[known].count == columns.count {
      lastList = (place, known)
      return append(known)
    }
    lastList = (place, columnLists.count)
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
  package mutating func append(_ report: borrowing FileReport) {
    path = report.path
    nextRecurring = 0
    append(report.path)
    append(report.source)
    append(report.fingerprint)
    append(report.size)
    append(recurring: report.encoding)
    append(recurring: report.encodingEvidence.zh)
    append(recurring: report.encodingEvidence.en)
    append(report.reading)
    append(report.counts)
    append(report.failure.map { [$0] } ?? [])
  }
}

extension ByteDecoder {
  mutating func localizedText() -> LocalizedText { LocalizedText(zh: text(), en: text()) }
  mutating func optionalText() -> String? { number() == 0 ? nil : text() }
  private mutating func severity(_ text: String) -> Severity { Severity(rawValue: text) ?? .error }

  package mutating func rule() -> Rule {
    let id = recurringText()
    guard number() == 1 else { return Catalogue.rule(id) ?? .internalError }
    return Rule(
      id: id, severity: severity(text()), title: localizedText(), expected: localizedText(), fix: localizedText())
  }

  package mutating func diagnostic() -> Diagnostic {
    let rule = rule()
    let severity = severity(recurringText())
    let location = SourceLocation(
      file: file(), line: number(), column: number(), record: number(), field: optionalText())
    let found = recurringText()
    return Diagnostic(rule, severity: severity, at: location, found: found, arguments())
  }

  mutating func arguments() -> [Argument] {
    (0..<number()).map { _ in number() == 0 ? Argument.literal(text()) : Argument.word(localizedText()) }
  }

  package mutating func diagnostics() -> [Diagnostic] { (0..<number()).map { _ in diagnostic() } }

  mutating func checkCounts() -> CheckCounts {
    var counts = CheckCounts()
    var totals = SIMD16<Int>()
    for place in 0..<CheckCounts.totalCount { totals[place] = number() }
    counts.totals = totals
    for _ in 0..<number() {
      let rule = text()
      counts.byRule[rule] = number()
    }
    counts.decisions = entries()
    counts.blanks = entries()
    return counts
  }

  private mutating func entries() -> [Int: Int] {
    var entries: [Int: Int] = [:]
    for _ in 0..<number() {
      let entry = column(of: Int.self)
      entries[entry[0]] = entry[1]
    }
    return entries
  }

  mutating func account() -> ReadingAccount {
    var account = ReadingAccount()
    account.records = number()
    account.rows = number()
    for _ in 0..<number() {
      let reason = text()
      account.skipped[reason] = number()
    }
    account.dialect = recurringText()
    account.dialectParts = (0..<number()).map { _ in (recurringText(), recurringText()) }
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
    path = text()
    nextRecurring = 0
    var report = FileReport(path: path, source: number())
    report.fingerprint = text()
    report.size = number()
    report.encoding = recurringText()
    report.encodingEvidence = LocalizedText(zh: recurringText(), en: recurringText())
    report.reading = account()
    report.counts = checkCounts()
    report.failure = diagnostics().first
    return report
  }
}
