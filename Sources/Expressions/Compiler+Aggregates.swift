import Campaign
import Diagnostics

// Figures: over what a record holds, over the records of another source, over a group of records.
extension Compiler {
  mutating func aggregate(
    _ node: Node, _ kind: Node.Aggregate, _ value: Node?, _ name: String, _ start: Int, _ condition: Node?,
    _ depth: Int
  ) -> Operand {
    if stage == .group { return figure(node, kind, value, name, start, condition) }
    if case .none = view {
    } else {
      return fault(node, LocalizedText(zh: "不套在另一个 where 中的统计", en: "no count or sum inside of another one's where"))
    }
    if let (collection, fields) = collection(name) {
      if stage == .stored { return computed(node, depth) }
      return overItems(node, kind, value, collection, name, fields, condition, depth)
    }
    guard let other = environment.sources.firstIndex(where: { $0.name == name }) else {
      if name == "records" {
        return fault(
          node, LocalizedText(zh: "带 per 的规则", en: "a rule with `per`"),
          fix: LocalizedText(zh: "用 per: [字段] 说明按什么分组", en: "Say with per: [field] what the records are grouped by"))
      }
      return unknown(name, at: start, among: collectionNames + environment.sources.map(\.name))
    }
    return lookup(node, kind, value, other, condition)
  }

  static func isCollection(_ name: String, of source: SourceDefinition) -> Bool {
    name == "findings" || name == "rows" || source.repeatNames.contains(name)
  }

  private var collectionNames: [String] { ["findings", "rows"] + definition.repeatNames }

  private func collection(_ name: String) -> (Collection, [Field])? {
    if name == "findings" { return (.findings, []) }
    if name == "rows" { return (.rows, definition.fields) }
    guard let place = definition.repeatNames.firstIndex(of: name) else { return nil }
    let repeats = definition.findings.filter { $0.each != nil }
    return (.repeated(place + 1), repeats[place].fields)
  }

  // MARK: of one record

  private mutating func overItems(
    _ node: Node, _ kind: Node.Aggregate, _ value: Node?, _ collection: Collection, _ name: String, _ fields: [Field],
    _ condition: Node?, _ depth: Int
  ) -> Operand {
    view = .items(collection, name: name, fields: fields)
    defer { view = .none }
    var result = ItemAggregate(kind: kind, columns: [], condition: nil, value: nil, isInteger: true)
    if let condition {
      let inner = separately(condition, depth: depth + 1)
      requireType(.boolean, inner.type, condition)
      result.condition = inner.program
    }
    var type = ValueType.integer
    if let value {
      let inner = separately(value, depth: depth + 1)
      type = figureType(kind, inner.type, value)
      result.value = inner.program
      result.isInteger = inner.type != .number
    }
    // One column tells how many items there are, if the figure looks at none.
    if !layout.inner.contains(where: { $0.collection == collection }) {
      _ = layout.register(of: collection, column: 0)
    }
    for (place, inner) in layout.inner.enumerated() where inner.collection == collection {
      result.columns.append((place, inner.register))
    }
    if kind == .exists { type = .boolean }
    program.aggregates.append(result)
    return emit(.aggregate, depth, type, program.aggregates.count - 1)
  }

  mutating func requireType(_ type: ValueType, _ found: ValueType, _ node: Node) {
    if found != type, found != .faulty { fault(node, type.words) }
  }

  /// The type of a figure over values of a type.
  private mutating func figureType(_ kind: Node.Aggregate, _ type: ValueType, _ node: Node) -> ValueType {
    if type == .faulty { return .faulty }
    switch kind {
    case .count, .distinct: return .integer
    case .exists: return .boolean
    case .min, .max:
      if type.isNumeric || [.day, .instant, .time].contains(type) { return type }
    case .sum: if type.isNumeric { return type }
    case .average: if type.isNumeric { return .number }
    }
    return fault(node, ValueType.number.words).type
  }

  /// In a rule of a later stage: a figure over what the record holds is computed by Check and kept.
  private mutating func computed(_ node: Node, _ depth: Int) -> Operand {
    var inner = Compiler(
      text, source: source, stage: .record, environment: environment, requests: requests,
      layout: requests[source].layout)
    let operand = inner.compile(node, 0)
    let program = inner.finish(operand)
    requests = inner.requests
    requests[source].layout = inner.layout
    faults += inner.faults
    namedFields += inner.namedFields.filter { !namedFields.contains($0) }
    let column = requests[source].column(.computed(program, isText: operand.type == .text))
    return Operand(type: operand.type, register: layout.register(of: .stored(column)))
  }

  // MARK: of another source

  private mutating func lookup(
    _ node: Node, _ kind: Node.Aggregate, _ value: Node?, _ other: Int, _ condition: Node?
  ) -> Operand {
    let name = environment.sources[other].name
    let number = lookups.count
    var parts = LookupParts(name: name)
    for part in condition?.conjuncts ?? [] { parts.add(part) }
    guard !parts.pairs.isEmpty else {
      return fault(
        node,
        LocalizedText(
          zh: "where 中至少有一个等式连接两边，如 \(name).unit = unit",
          en: "at least one equality that joins the two, like \(name).unit = unit"))
    }
    var lookup = LookupProgram(
      source: other, isOwnSource: other == source, otherLayout: Layout(), filter: nil, otherKeys: [], keys: [],
      keyIsText: [], rest: nil, value: nil, kind: kind, isInteger: true)
    var inner = Compiler(
      text, source: other, stage: .stored, environment: environment, requests: requests, layout: Layout())
    if !parts.filters.isEmpty {
      let filter = parts.filters.count == 1 ? parts.filters[0] : Node(node.start, node.end, .all(parts.filters))
      lookup.filter = inner.condition(filter)
    }
    requests = inner.requests
    for pair in parts.pairs { join(pair, &lookup, &inner) }
    var type = ValueType.integer
    view = .other(lookup: number, source: other)
    if !parts.rest.isEmpty {
      let rest = parts.rest.count == 1 ? parts.rest[0] : Node(node.start, node.end, .all(parts.rest))
      let compiled = separately(rest, depth: 0)
      requireType(.boolean, compiled.type, rest)
      lookup.rest = compiled.program
    }
    if let value {
      let compiled = separately(value, depth: 0)
      type = figureType(kind, compiled.type, value)
      lookup.value = compiled.program
      lookup.isInteger = compiled.type != .number
    }
    view = .none
    faults += inner.faults
    lookup.otherLayout = inner.layout
    lookups.append(lookup)
    if kind == .exists { type = .boolean }
    return Operand(type: type, register: layout.register(of: .lookup(number)))
  }

  /// One equality: the other record's side runs over its registers, ours over ours.
  private mutating func join(
    _ pair: (other: Node, own: Node), _ lookup: inout LookupProgram, _ inner: inout Compiler
  ) {
    // The steps of the key belong to the look-up, not to the condition that is being compiled.
    let outer = program
    program = Program()
    defer { program = outer }
    inner.requests = requests
    var other = inner.compile(pair.other, 0)
    requests = inner.requests
    var own = compile(pair.own, 0)
    switch (other.type, own.type) {
    case (let one, let two) where one == two || one == .faulty || two == .faulty: break
    case (.integer, .number): other = inner.emit(.toNumber, 0, .number, other.register)
    case (.number, .integer): own = emit(.toNumber, 0, .number, own.register)
    default:
      // Codes of different lists, units beside texts: compared as they are written.
      inner.requests = requests
      other = inner.textOperand(pair.other, 0)
      requests = inner.requests
      own = textOperand(pair.own, 0)
      if other.type != .text || own.type != .text {
        fault(pair.own, other.type.words)
        return
      }
    }
    lookup.keyIsText.append(own.type == .text)
    lookup.otherKeys.append(inner.finish(other))
    lookup.keys.append(finish(own))
  }

  // MARK: of a group

  private mutating func figure(
    _ node: Node, _ kind: Node.Aggregate, _ value: Node?, _ name: String, _ start: Int, _ condition: Node?
  ) -> Operand {
    guard name == "records" else { return unknown(name, at: start, among: ["records"]) }
    var inner = Compiler(
      text, source: source, stage: .stored, environment: environment, requests: requests, layout: recordLayout)
    var figure = FigureProgram(condition: nil, value: nil, isText: false, kind: kind, isInteger: true)
    if let condition { figure.condition = inner.condition(condition) }
    var type = ValueType.integer
    if let value {
      let operand = inner.compile(value, 0)
      type = kind == .distinct ? .integer : figureType(kind, operand.type, value)
      figure.value = inner.finish(operand)
      figure.isInteger = operand.type != .number
      figure.isText = operand.type == .text
    }
    if !inner.lookups.isEmpty {
      fault(node, LocalizedText(zh: "不查其他数据源的统计", en: "a figure without look-ups in other sources"))
    }
    requests = inner.requests
    recordLayout = inner.layout
    namedFields += inner.namedFields.filter { !namedFields.contains($0) }
    faults += inner.faults
    figures.append(figure)
    if kind == .exists { type = .boolean }
    return Operand(type: type, register: layout.register(of: .figure(figures.count - 1)))
  }
}

/// The parts of a look-up's condition, by whose values they name.
private struct LookupParts {
  let name: String
  var pairs: [(other: Node, own: Node)] = []
  var filters: [Node] = []
  var rest: [Node] = []

  init(name: String) { self.name = name }

  mutating func add(_ part: Node) {
    let (usesOther, usesOwn) = uses(part)
    if usesOther, !usesOwn {
      filters.append(part)
    } else if case .comparison(.equal, let left, let right) = part.content,
      let pair = pair(left, right) ?? pair(right, left)
    {
      pairs.append(pair)
    } else {
      rest.append(part)
    }
  }

  private func pair(_ other: Node, _ own: Node) -> (other: Node, own: Node)? {
    let (left, right) = (uses(other), uses(own))
    return left.other && !left.own && !right.other && right.own ? (other, own) : nil
  }

  private func uses(_ node: Node) -> (other: Bool, own: Bool) {
    var result = (other: false, own: false)
    node.visit { node in
      guard case .name(let scope, _) = node.content else { return }
      if scope == name { result.other = true } else { result.own = true }
    }
    return result
  }
}

extension SourceDefinition {
  /// By which rules call the repeats: the last step of their paths.
  var repeatNames: [String] {
    findings.compactMap { $0.each.map { String($0.split(separator: "/").last ?? "") } }
  }
}
