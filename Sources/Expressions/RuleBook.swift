import Bytes
package import Campaign
package import Diagnostics

/// The rules of one source that Check asks, and what it keeps for later ones.
package final class SourceRules: Sendable {
  package let layout: Layout
  package let rules: [RecordRule]
  package let stored: [StoredColumn]
  /// Whether a later rule may reject records: their texts are kept then.
  package let mayRejectLate: Bool

  init(layout: Layout, rules: [RecordRule], stored: [StoredColumn], mayRejectLate: Bool) {
    self.layout = layout
    self.rules = rules
    self.stored = stored
    self.mayRejectLate = mayRejectLate
  }

  package var isEmpty: Bool { rules.isEmpty && stored.isEmpty }

  /// Whether something that later rules look at is computed of the registers of a record.
  package var computes: Bool { stored.contains { if case .computed = $0 { true } else { false } } }

  /// What is put into the registers for each record. `isLookedAt`: whether more is asked than that it is not blank.
  package var slots: [(source: SlotSource, register: Int, isLookedAt: Bool)] {
    layout.slots.map { slot in
      let isStored = stored.contains { column in
        if case .computed(let program, _) = column { program.looks(at: slot.register) } else { false }
      }
      return (slot.source, slot.register, isStored || rules.contains { $0.looks(at: slot.register) })
    }
  }
}

/// All rules of a pipeline, checked and compiled: made once, then only read.
package final class RuleBook: Sendable {
  /// As diagnostics show them, in the order of the pipeline; `number` of a compiled rule is its place here.
  package let rules: [Rule]
  package let sources: [SourceRules]
  package let late: [LateRule]
  /// Columns of the source of each check that was asked for, by the names of its fields.
  package let checkColumns: [[String: Int]]
  private let environment: RuleEnvironment

  fileprivate init(_ compiler: BookCompiler) {
    rules = compiler.rules
    late = compiler.late
    checkColumns = compiler.checkColumns
    environment = compiler.environment
    sources = compiler.requests.indices.map { source in
      SourceRules(
        layout: compiler.requests[source].layout, rules: compiler.recordRules[source],
        stored: compiler.requests[source].stored, mayRejectLate: compiler.mayRejectLate[source])
    }
  }

  /// - Returns: the book, and every fault of the rules, by place. A book with faults is of no use.
  package static func compile(
    _ rules: [RuleDefinition], checks: [FieldCheckDefinition] = [], _ environment: RuleEnvironment
  ) -> (book: RuleBook, faults: [Diagnostic]) {
    var compiler = BookCompiler(environment)
    for rule in rules { compiler.add(rule) }
    for check in checks { compiler.add(check) }
    // A rule of several sources finds the same fault in each.
    var seen: Set<Diagnostic> = []
    return (RuleBook(compiler), compiler.faults.filter { seen.insert($0).inserted })
  }

  package static let empty = RuleBook(BookCompiler(RuleEnvironment(sources: [], window: nil, today: Day(number: 0))))

  // MARK: values as text

  /// A value as a person reads it.
  ///
  /// - Parameter text: of a value that is a text.
  package func text(of value: RuleValue, _ type: ValueType, _ text: (RuleValue) -> String) -> String {
    guard value.isKnown else { return "" }
    switch type {
    case .boolean: return value.isTrue ? "true" : "false"
    case .integer: return String(value.bits)
    case .number: return String(value.number)
    case .text, .faulty: return text(value)
    case .day: return Day.isKnown(value.bits) ? Day(number: Int32(value.bits)).text : ""
    case .instant:
      let (days, seconds) = value.localDayAndSeconds
      return (Day.isKnown(days) ? Day(number: Int32(days)).text : "") + " " + Self.clock(seconds)
    case .time: return Self.clock(value.bits)
    case .code(let name):
      let entries = environment.codeList(name)?.entries ?? []
      return entries.indices.contains(Int(value.bits)) ? entries[Int(value.bits)].code : ""
    case .unit, .team: return String(value.bits)
    }
  }

  private static func clock(_ seconds: Int64) -> String {
    func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(padded(seconds / 3600)):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
  }

  /// Place of a code, label or alias in a code list.
  package func place(ofCode word: String, in list: String) -> Int64? {
    environment.codeList(list)?.table.find(word).map(Int64.init)
  }

  /// The type of a column that Check keeps.
  package func type(ofColumn column: Int, source: Int) -> ValueType {
    switch sources[source].stored[column] {
    case .field(let field): ValueType(of: environment.sources[source].fields[field])
    case .text: .text
    case .computed(_, let isText): isText ? .text : .integer
    }
  }

  /// The rules of a source; of an empty book none.
  package func rules(of source: Int) -> SourceRules? {
    sources.indices.contains(source) && !sources[source].isEmpty ? sources[source] : nil
  }
}

private struct BookCompiler {
  let environment: RuleEnvironment
  var rules: [Rule] = []
  var requests: [SourceRequest]
  var recordRules: [[RecordRule]]
  var mayRejectLate: [Bool]
  var late: [LateRule] = []
  var checkColumns: [[String: Int]] = []
  var faults: [Diagnostic] = []

  init(_ environment: RuleEnvironment) {
    self.environment = environment
    requests = environment.sources.map { _ in SourceRequest() }
    recordRules = environment.sources.map { _ in [] }
    mayRejectLate = environment.sources.map { _ in false }
  }

  private struct Parsed {
    var when: Node?
    var require: Node
    var groups: [Node]
  }

  mutating func add(_ rule: RuleDefinition) {
    guard let parsed = parse(rule) else { return }
    let template = MessageTemplate(rule.message)
    let number = rules.count
    rules.append(
      Rule(
        id: rule.id, severity: rule.severity, title: template.text,
        expected: LocalizedText(Self.oneLine(rule.require.text)), fix: rule.fix))
    for name in rule.sources {
      guard let source = environment.sources.firstIndex(where: { $0.name == name }) else { continue }
      let arguments = template.names.map { name in
        rule.groups.isEmpty
          ? Reference(name, in: environment.sources[source])?.field : rule.groups.firstIndex { $0.text == name }
      }
      for (name, place) in zip(template.names, arguments) where place == nil {
        report(name, at: rule.messagePlace, among: rule.groups.map(\.text), in: source)
      }
      for name in template.names where environment.sources[source].directIdentifiers.contains(name) {
        faults.append(
          Diagnostic(
            .pipelineWrongValue, at: rule.messagePlace, found: "{\(name)}",
            [
              .word(
                LocalizedText(
                  zh: "不含能认出个人的内容：\(name) 是 x-personal: direct",
                  en: "a message that shows no person: \(name) is x-personal: direct")), .literal(""),
            ]))
      }
      let isLate = !rule.groups.isEmpty || [parsed.when, parsed.require].contains { $0.map(looksElsewhere) ?? false }
      if isLate {
        addLate(rule, parsed, number, source, arguments.compactMap { $0 })
      } else {
        addRecord(rule, parsed, number, source, arguments.compactMap { $0 })
      }
    }
  }

  private mutating func report(
    _ name: String, at place: SourceLocation, among groups: [String] = [], in source: Int
  ) {
    let words = groups.isEmpty ? Reference.words(of: environment.sources[source]) : groups
    let fix = nearestWord(to: name, among: words).map {
      Argument.word(LocalizedText(zh: "是否想写 \($0)？", en: "Did you mean \($0)?"))
    }
    faults.append(
      Diagnostic(
        .pipelineUnknownName, at: place, found: name,
        [.literal(words.joined(separator: ", ")), fix ?? .literal("")]))
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private mutating func parse(_ rule: RuleDefinition) -> Parsed? {
    func node(_ text: ExpressionText, _ faults: inout [Diagnostic]) -> Node? {
      do throws(ExpressionError) { return try Parser.parse(text) } catch {
        faults.append(error.diagnostic)
        return nil
      }
    }
    let when = rule.when.map { node($0, &faults) }
    let groups = rule.groups.map { node($0, &faults) }
    guard let require = node(rule.require, &faults) else { return nil }
    if case .some(nil) = when { return nil }
    guard groups.allSatisfy({ $0 != nil }) else { return nil }
    return Parsed(when: when ?? nil, require: require, groups: groups.compactMap { $0 })
  }

  /// Whether an expression names another source.
  private func looksElsewhere(_ node: Node) -> Bool {
    var result = false
    node.visit { node in
      guard case .aggregate(_, _, let name, _, _) = node.content else { return }
      if environment.sources.contains(where: { $0.name == name }) { result = true }
    }
    return result
  }

  private func compiler(_ text: ExpressionText, _ source: Int, _ stage: Compiler.Stage, _ layout: Layout) -> Compiler {
    Compiler(text, source: source, stage: stage, environment: environment, requests: requests, layout: layout)
  }

  /// Takes back what a compiler has gathered.
  private mutating func finish(_ compiler: Compiler) {
    requests = compiler.requests
    faults += compiler.faults
  }

  private mutating func shownField(_ rule: RuleDefinition, _ source: Int, _ named: [Int]) -> Int? {
    guard let name = rule.field else { return named.first }
    if let place = Reference(name, in: environment.sources[source])?.field { return place }
    report(name, at: rule.fieldPlace ?? rule.location, in: source)
    return nil
  }

  // MARK: in Check

  private mutating func addRecord(
    _ rule: RuleDefinition, _ parsed: Parsed, _ number: Int, _ source: Int, _ arguments: [Int]
  ) {
    let isOfFindings = rule.target == .finding
    func compile(_ node: Node, _ text: ExpressionText, _ book: inout BookCompiler) -> (Program, [Int]) {
      var compiler = book.compiler(text, source, .record, book.requests[source].layout)
      if isOfFindings { compiler.view = .items(.findings, name: "finding", fields: []) }
      let program = compiler.condition(node)
      let layout = compiler.layout
      book.finish(compiler)
      book.requests[source].layout = layout
      return (program, compiler.namedFields)
    }
    var when: Program?
    if let node = parsed.when, let text = rule.when { when = compile(node, text, &self).0 }
    let (require, named) = compile(parsed.require, rule.require, &self)
    let field = shownField(rule, source, named)
    recordRules[source].append(
      RecordRule(
        number: number, isOfFindings: isOfFindings, when: when, require: require, field: field, arguments: arguments))
  }

  // MARK: in Reconcile

  private mutating func addLate(
    _ rule: RuleDefinition, _ parsed: Parsed, _ number: Int, _ source: Int, _ arguments: [Int]
  ) {
    if rule.target == .finding {
      faults.append(
        Diagnostic(
          .expressionType, at: rule.location, found: "for: finding",
          [
            .word(
              LocalizedText(zh: "for: record（规则涉及多条记录）", en: "for: record, since the rule looks at several records")),
            .literal(""),
          ]))
    }
    var late = LateRule(
      number: number, source: source, layout: Layout(), when: nil, require: Program(), lookups: [], keys: [],
      figures: [], groupLayout: Layout(), shown: nil, field: nil, arguments: [])
    var named: [Int] = []
    if let node = parsed.when, let text = rule.when {
      var compiler = compiler(text, source, .stored, late.layout)
      compiler.lookups = late.lookups
      late.when = compiler.condition(node)
      (late.layout, late.lookups) = (compiler.layout, compiler.lookups)
      finish(compiler)
    }
    if rule.groups.isEmpty {
      var compiler = compiler(rule.require, source, .stored, late.layout)
      compiler.lookups = late.lookups
      late.require = compiler.condition(parsed.require)
      (late.layout, late.lookups, named) = (compiler.layout, compiler.lookups, compiler.namedFields)
      finish(compiler)
    } else {
      addGroups(rule, parsed, source, &late, &named)
    }
    let field = shownField(rule, source, named)
    late.field = field.map { environment.sources[source].fields[$0].name }
    late.shown = field.map { requests[source].column(shownColumn($0, source)) }
    // Of a rule of groups the gaps of the message are its keys.
    late.arguments =
      rule.groups.isEmpty ? arguments.map { requests[source].column(shownColumn($0, source)) } : arguments
    if rule.severity == .error { mayRejectLate[source] = true }
    self.late.append(late)
  }

  private func shownColumn(_ field: Int, _ source: Int) -> StoredColumn {
    let definition = environment.sources[source]
    let isWord = Reference(definition.fields[field].name, in: definition)?.type.isWord ?? false
    return isWord ? .text(field) : .field(field)
  }

  private mutating func addGroups(
    _ rule: RuleDefinition, _ parsed: Parsed, _ source: Int, _ late: inout LateRule, _ named: inout [Int]
  ) {
    for (node, text) in zip(parsed.groups, rule.groups) {
      var compiler = compiler(text, source, .stored, late.layout)
      let operand = compiler.compile(node, 0)
      let program = compiler.finish(operand)
      if !compiler.lookups.isEmpty {
        compiler.fault(node, LocalizedText(zh: "本记录的字段", en: "a field of the record"))
      }
      late.layout = compiler.layout
      named += compiler.namedFields
      finish(compiler)
      let kind: GroupKey.Kind
      if operand.type == .unit {
        kind = .unit
      } else if operand.type == .team {
        kind = .team
      } else if case .call(let function, _) = node.content,
        let period = Period.allCases.first(where: { "\($0.word) of" == function })
      {
        kind = .period(period)
      } else {
        kind = .other(operand.type)
      }
      late.keys.append(GroupKey(kind: kind, program: program, name: text.text))
    }
    var compiler = compiler(rule.require, source, .group, Layout())
    compiler.recordLayout = late.layout
    late.require = compiler.condition(parsed.require)
    late.figures = compiler.figures
    late.groupLayout = compiler.layout
    late.layout = compiler.recordLayout
    finish(compiler)
  }

  // MARK: checks

  /// Columns for all fields that a check names.
  mutating func add(_ check: FieldCheckDefinition) {
    var columns: [String: Int] = [:]
    defer { checkColumns.append(columns) }
    for name in [check.source, check.words["with"]?.first ?? ""] {
      guard let source = environment.sources.firstIndex(where: { $0.name == name }) else { continue }
      for field in Set(check.fields.values.flatMap { $0 }).sorted() {
        guard let place = environment.sources[source].fields.firstIndex(where: { $0.name == field }) else { continue }
        columns[name == check.source ? field : "\(name).\(field)"] = requests[source].column(.field(place))
      }
    }
  }
}

/// A message with `{field}` in it: the fields, and the text with `{0}` … in their places. Both languages may name the same
/// or other fields.
package struct MessageTemplate {
  package private(set) var names: [String] = []
  package private(set) var text = LocalizedText("")

  package init(_ message: LocalizedText) {
    let (zh, en) = (numbered(message.zh), numbered(message.en))
    text = LocalizedText(zh: zh, en: en)
  }

  private mutating func numbered(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      result += rest[..<open]
      let place = names.firstIndex(of: name) ?? names.count
      if place == names.count { names.append(name) }
      result += "{\(place)}"
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
