import Bytes
package import Campaign
package import Diagnostics
import Synchronization
import Values

/// Proposes a value in place of one that was rejected, where there is one that is certain enough to be shown to a person: the
/// only word of a list that is near, or the value that the text says under a normalizer that its field does not declare. It
/// decides nothing.
package final class Proposer: Sendable {
  /// What was rejected.
  package struct Question: Hashable, Sendable {
    package var source: Int
    /// 0 for the record itself, else the repeat, from 1.
    package var group: Int
    package var field: String
    package var rule: Rule
    package var value: String
    package init(source: Int, group: Int, field: String, rule: Rule, value: String) {
      self.source = source
      self.group = group
      self.field = field
      self.rule = rule
      self.value = value
    }
  }

  private let plans: [CheckPlan]
  private let codeLists: [CodeList]
  private let window: ClosedRange<Day>?
  private let known = Mutex<[Question: String?]>([:])
  /// Word lists in the form in which they are compared, made when first asked for.
  private let lists = Mutex<[String: NearWords]>([:])
  /// Words that were compared: with a large roster and many texts without a unit it must end some time.
  private let effort = Mutex<Int>(0)
  private static let mostEffort = 5_000_000

  package init(_ plans: [CheckPlan], codeLists: [CodeList], window: ClosedRange<Day>?) {
    self.plans = plans
    self.codeLists = codeLists
    self.window = window
  }

  /// `nil` when nothing is certain.
  package func proposal(_ question: Question) -> String? {
    guard !question.value.isEmpty, question.value.utf8.count <= 200 else { return nil }
    if let answer = known.withLock({ $0[question] }) { return answer }
    let answer = find(question)
    known.withLock { if $0.count < 100_000 { $0[question] = .some(answer) } }
    return answer
  }

  private func find(_ question: Question) -> String? {
    let plan = plans[question.source]
    let roster = plan.lists.roster
    switch question.rule {
    case .unitUnknown:
      return near(question.value, "units") { roster.units.map { ($0.code, [$0.name.zh, $0.name.en] + $0.aliases) } }
    case .teamUnknown:
      return near(question.value, "teams") { roster.teams.map { ($0.code, [$0.name.zh, $0.name.en] + $0.aliases) } }
    case .regionUnknown:
      return near(question.value, "regions") {
        roster.regions.map { ($0.code, [$0.name.zh, $0.name.en] + $0.aliases) }
      }
    case .codeUnknown, .typeError, .constraint:
      let programs = question.group == 0 ? plan.programs : plan.repeats[question.group - 1]
      guard let program = programs.first(where: { $0.field.name == question.field }) else { return nil }
      return another(program, question.value)
    default: return nil
    }
  }

  /// The word that stands for the only entry near to `text`: its code, or its name when it has none.
  private func near(_ text: String, _ list: String, _ entries: () -> [(code: String, names: [String])]) -> String? {
    let words = lists.withLock { lists in
      if let known = lists[list] { return known }
      let made = NearWords(entries())
      lists[list] = made
      return made
    }
    let isTooMuch = effort.withLock { effort in
      effort += words.count
      return effort > Self.mostEffort
    }
    return isTooMuch ? nil : words.near(text)
  }

  // MARK: other readings

  /// What the text says under normalizers that the field does not declare.
  private func another(_ program: FieldProgram, _ text: String) -> String? {
    if case .code(let shared) = program.reader {
      let list = shared.value
      return near(text, "code list \(list.name)") {
        list.entries.map { ($0.code, [$0.label.zh, $0.label.en] + $0.aliases) }
      }
    }
    var field = program.field
    let further: [Normalizer] =
      switch field.type {
      case .integer, .number, .year: [.width, .space, .numberMarks, .chineseNumerals]
      case .boolean: [.width, .space, .yesNo]
      case .date, .datetime: window == nil ? [.width, .space] : [.width, .space, .campaignYear]
      default: [.width, .noSpace]
      }
    field.normalizers += further.filter { !field.normalizers.contains($0) }
    field.constraints.isUnique = false
    if let value = value(of: text, as: field, for: program) { return value }
    if [.date, .datetime].contains(field.type), field.format != "any" {
      field.format = "any"
      return value(of: text, as: field, for: program)
    }
    return NearWords(field.constraints.enumeration.map { ($0, []) }).near(text)
  }

  /// The value in the way in which the field itself reads it.
  private func value(of text: String, as field: Field, for own: FieldProgram) -> String? {
    guard let value = value(of: text, as: field) else { return nil }
    var workspace = Workspace()
    for form in [value, Self.written(value, own.field.format)] {
      let bytes = Array(form.utf8)
      if (try? own.run(0..<bytes.count, of: bytes.span, mayBeBlank: false, in: &workspace)) != nil { return form }
    }
    return nil
  }

  /// A day as a strptime pattern has it.
  private static func written(_ day: String, _ format: String) -> String {
    let parts = day.split(separator: "-")
    guard parts.count == 3, format.contains("%") else { return day }
    return format.replacing("%Y", with: parts[0]).replacing("%m", with: parts[1]).replacing("%d", with: parts[2])
  }

  private func value(of text: String, as field: Field) -> String? {
    guard let program = try? FieldProgram(field, codeLists: codeLists, window: window) else { return nil }
    var workspace = Workspace()
    let bytes = Array(text.utf8)
    guard let value = try? program.run(0..<bytes.count, of: bytes.span, mayBeBlank: false, in: &workspace) else {
      return nil
    }
    switch value.kind {
    case .text: return String(decoding: bytes[value.range], as: UTF8.self)
    case .arenaText: return String(decoding: workspace.arena[value.range], as: UTF8.self)
    case .integer: return String(value.bits)
    case .number: return Self.text(of: value.number)
    case .day:
      let day = Day(number: Int32(truncatingIfNeeded: value.bits))
      return window?.contains(day) ?? true ? day.text : nil
    case .boolean: return value.bits == 1 ? field.trueValues.first : field.falseValues.first
    case .code, .blank, .invalid, .unread: return nil
    }
  }

  private static func text(of number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
  }
}

/// Entries of a list by the letters of their words.
private struct NearWords: Sendable {
  private var answers: [String] = []
  private var words: [(letters: [Unicode.Scalar], entry: Int)] = []

  init(_ entries: [(code: String, names: [String])]) {
    for (place, entry) in entries.enumerated() {
      answers.append(entry.code.isEmpty ? entry.names.first { !$0.isEmpty } ?? "" : entry.code)
      for word in [entry.code] + entry.names where !word.isEmpty { words.append((Self.letters(word), place)) }
    }
  }

  var count: Int { words.count }

  /// The answer of the only entry with a word of which at most one letter of four differs, at least one; of several the
  /// nearest, if it is the only one at its distance.
  func near(_ text: String) -> String? {
    let letters = Self.letters(text)
    guard (2...64).contains(letters.count) else { return nil }
    var best: (distance: Int, entry: Int)?
    var isShared = false
    for word in words where word.letters.count > 1 {
      let limit = max(1, max(letters.count, word.letters.count) / 4)
      guard abs(word.letters.count - letters.count) <= limit,
        let distance = editDistance(letters, word.letters, limit: best.map { min($0.distance, limit) } ?? limit)
      else { continue }
      if let known = best, known.distance == distance {
        isShared = isShared || known.entry != word.entry
      } else {
        best = (distance, word.entry)
        isShared = false
      }
    }
    return best.flatMap { isShared ? nil : answers[$0.entry] }
  }

  /// Without white space, both widths and both cases alike.
  private static func letters(_ text: String) -> [Unicode.Scalar] {
    var scratch = ScratchBuffer()
    let bytes = Array(text.utf8)
    guard Normalization([.width, .noSpace, .lower]).apply(bytes.span, to: &scratch) else {
      return Array(text.unicodeScalars)
    }
    return Array(String(decoding: scratch.bytes, as: UTF8.self).unicodeScalars)
  }
}

/// Letters inserted, deleted or replaced cost one each; `nil` when more than `limit`.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], limit: Int) -> Int? {
  var row = Array(0...right.count)
  for (index, letter) in left.enumerated() {
    var diagonal = row[0]
    row[0] = index + 1
    var least = row[0]
    for column in right.indices {
      let cost = min(row[column + 1] + 1, row[column] + 1, diagonal + (letter == right[column] ? 0 : 1))
      diagonal = row[column + 1]
      row[column + 1] = cost
      least = min(least, cost)
    }
    if least > limit { return nil }
  }
  return row[right.count] <= limit ? row[right.count] : nil
}
