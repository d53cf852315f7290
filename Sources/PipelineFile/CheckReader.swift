import Campaign
import Diagnostics

/// Reads one item of `checks`: which parameters each check has, and of what type its fields must be.
struct CheckReader {
  let reader: NodeReader
  let sources: [SourceDefinition]
  let window: ClosedRange<Day>?

  /// What a parameter is.
  private enum Parameter {
    /// A field of one of these types; any type when empty.
    case field([FieldType])
    case fields
    case number(ClosedRange<Double>)
    case minutes
    case word([String])
    case words
  }
  private static let moments: [FieldType] = [.datetime]
  private static let numbers: [FieldType] = [.integer, .number, .year]
  private static let common = ["check", "source", "name", "severity", "message"]

  /// Parameters of each check; `true` for those that must be given.
  private static let parameters: [FieldCheckDefinition.Kind: [(String, Parameter, isRequired: Bool)]] = [
    .duration: [
      ("start", .field(moments), true), ("end", .field(moments), true), ("minimum", .minutes, false),
      ("maximum", .minutes, false),
    ],
    .overlap: [("start", .field(moments), true), ("end", .field(moments), true), ("per", .field([]), false)],
    .travel: [
      ("start", .field(moments), true), ("end", .field(moments), false), ("place", .field([]), false),
      ("latitude", .field(numbers), false), ("longitude", .field(numbers), false), ("per", .field([]), false),
      ("speed", .number(1...1_000), false), ("tolerance", .number(0...100), false),
    ],
    .outliers: [
      ("fields", .fields, true), ("method", .word(["sd", "iqr"]), false), ("multiplier", .number(0.1...100), false),
      ("per", .field([]), false), ("at-least", .number(3...1_000_000), false),
    ],
    .missing: [
      ("fields", .fields, true), ("dont-know", .words, false), ("refused", .words, false), ("per", .field([]), false),
      ("maximum", .number(0...100), false), ("at-least", .number(1...1_000_000), false),
    ],
    .straightLining: [("fields", .fields, true), ("at-least", .number(2...1_000), false)],
    .outsideWindow: [("fields", .fields, true)],
    .identicalAnswers: [("fields", .fields, true), ("id", .field([]), false), ("at-least", .number(1...1_000), false)],
    .backCheck: [
      ("with", .word([]), true), ("key", .fields, true), ("fields", .fields, true), ("per", .field([]), false),
      ("tolerance", .number(0...1_000_000), false), ("maximum", .number(0...100), false),
    ],
  ]

  func check(_ node: YAMLNode) -> FieldCheckDefinition? {
    // The kind decides which keys there may be.
    let first = Section(node, reader) { _ in }
    guard let section = first else { return nil }
    let kinds = FieldCheckDefinition.Kind.allCases
    let word = section.required("check").flatMap { reader.word($0, among: kinds.map(\.rawValue)) }
    guard let kind = word.flatMap(FieldCheckDefinition.Kind.init) else { return nil }
    let parameters = Self.parameters[kind] ?? []
    guard Section(node, keys: Self.common + parameters.map(\.0), reader) != nil,
      let sourceNode = section.required("source"),
      let name = reader.word(sourceNode, among: sources.map(\.name)),
      let source = sources.first(where: { $0.name == name })
    else { return nil }
    var check = FieldCheckDefinition(kind: kind, source: name, location: section["check"]?.place ?? section.place)
    check.name = section["name"].flatMap(reader.identifier) ?? kind.rawValue
    if let node = section["name"], Catalogue.rule(check.name) != nil {
      reader.wrongValue(node, expected("与内置规则不同的名称", "a name that no built-in rule has"))
    }
    let severities = Severity.allCases.filter { $0 != .error }.map(\.rawValue)
    if let severity = section["severity"].flatMap({ reader.word($0, among: severities) }) {
      check.severity = Severity(rawValue: severity) ?? .warning
    }
    check.message = section["message"].flatMap(reader.title)
    for (key, parameter, isRequired) in parameters {
      guard let node = isRequired ? section.required(key) : section[key] else { continue }
      read(node, key, parameter, source, into: &check)
    }
    checkTogether(section, source, &check)
    return check
  }

  private func read(
    _ node: YAMLNode, _ key: String, _ parameter: Parameter, _ source: SourceDefinition,
    into check: inout FieldCheckDefinition
  ) {
    switch parameter {
    case .field(let types):
      guard let field = fieldName(node, in: source) else { return }
      check.fields[key] = [field.name]
      if !types.isEmpty, !types.contains(field.type) || field.codeList != nil {
        let words = types.map(\.rawValue).joined(separator: ", ")
        reader.wrongValue(node, expected("\(words) 类型的字段", "a field of type \(words)"))
      }
    case .fields:
      let fields = reader.items(node).compactMap { fieldName($0, in: source) }
      check.fields[key] = fields.map(\.name)
      if fields.isEmpty, reader.items(node).isEmpty { reader.wrongType(node, expected("至少一个字段", "at least one field")) }
      for (item, field) in zip(reader.items(node), fields) { checkType(item, field, check.kind) }
    case .number(let range):
      if case .text(let text, _) = node.content, let number = Double(text), range.contains(number) {
        check.numbers[key] = number
      } else {
        let (low, high) = (short(range.lowerBound), short(range.upperBound))
        reader.wrongValue(node, expected("\(low) 至 \(high) 的数", "a number from \(low) to \(high)"))
      }
    case .minutes: check.numbers[key] = minutes(node)
    case .word(let words):
      let words = words.isEmpty ? sources.map(\.name).filter { $0 != source.name } : words
      check.words[key] = reader.word(node, among: words).map { [$0] }
    case .words: check.words[key] = reader.texts(node)
    }
  }

  private func short(_ number: Double) -> String { number == number.rounded() ? String(Int(number)) : String(number) }

  private func checkType(_ node: YAMLNode, _ field: Field, _ kind: FieldCheckDefinition.Kind) {
    let types: [FieldType]
    switch kind {
    case .outliers: types = Self.numbers
    case .outsideWindow: types = [.date, .datetime]
    default: return
    }
    if !types.contains(field.type) || field.codeList != nil {
      let words = types.map(\.rawValue).joined(separator: ", ")
      reader.wrongValue(node, expected("\(words) 类型的字段", "a field of type \(words)"))
    }
  }

  private func fieldName(_ node: YAMLNode, in source: SourceDefinition) -> Field? {
    guard let text = reader.text(node) else { return nil }
    if let field = source.fields.first(where: { $0.name == text }) { return field }
    reader.unknown(.pipelineUnknownName, text, at: node.place, among: source.fields.map(\.name))
    return nil
  }

  /// `20`, `20 min`, `1.5 h`, `90 s`.
  private func minutes(_ node: YAMLNode) -> Double? {
    if let text = reader.text(node) {
      let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      let unit = text.dropFirst(digits.count).drop { $0 == " " }
      let factors = [
        "": 1, "min": 1, "minutes": 1, "分钟": 1, "h": 60, "hours": 60, "小时": 60, "s": 1 / 60.0, "seconds": 1 / 60.0,
        "秒": 1 / 60.0,
      ]
      if let number = Double(digits), let factor = factors[String(unit)] { return number * factor }
      reader.wrongValue(node, expected("时长，如 20 min、1.5 h", "a duration like 20 min or 1.5 h"))
    }
    return nil
  }

  /// What one key asks of another.
  private func checkTogether(_ section: Section, _ source: SourceDefinition, _ check: inout FieldCheckDefinition) {
    switch check.kind {
    case .duration where section["minimum"] == nil && section["maximum"] == nil:
      reader.report(.pipelineMissingKey, at: section.place, [expected("minimum 或 maximum", "minimum or maximum")])
    case .travel:
      let hasPair = section["latitude"] != nil && section["longitude"] != nil
      if section["place"] == nil, !hasPair {
        reader.report(
          .pipelineMissingKey, at: section.place,
          [expected("place，或 latitude 与 longitude", "place, or latitude and longitude")])
      }
    case .outsideWindow where window == nil:
      reader.report(.pipelineMissingKey, at: section.place, [.literal("campaign.window")])
    case .backCheck:
      guard let other = check.words["with"]?.first, let second = sources.first(where: { $0.name == other }) else {
        return
      }
      for key in ["key", "fields"] {
        guard let node = section[key] else { continue }
        for item in reader.items(node) where !second.fields.contains(where: { $0.name == item.written }) {
          reader.unknown(.pipelineUnknownName, item.written, at: item.place, among: second.fields.map(\.name))
        }
      }
    default: break
    }
    let needsTeam: [FieldCheckDefinition.Kind] = [.overlap, .travel, .missing, .backCheck]
    if needsTeam.contains(check.kind), section["per"] == nil, source.team == nil {
      reader.report(
        .pipelineMissingKey, at: section.place,
        [expected("per（该数据源没有 team）", "per, since the source has no team")])
    }
  }
}
