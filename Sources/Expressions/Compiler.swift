import Campaign
import Diagnostics
import Values

/// Checks the types of an expression and turns it into steps. All faults are collected; after one, its value is `faulty`
/// and fits everywhere.
struct Compiler {
  enum Stage {
    /// Check: the record itself.
    case record
    /// Reconcile: what Check kept of the record.
    case stored
    /// A group of records: only figures of it.
    case group
  }
  /// Items or another record in view beside the record.
  enum View {
    case none
    case items(Collection, name: String, fields: [Field])
    case other(lookup: Int, source: Int)
  }
  struct Operand {
    var type: ValueType
    var register: Int
    static let faulty = Operand(type: .faulty, register: 0)
  }

  let environment: RuleEnvironment
  let text: ExpressionText
  let source: Int
  let stage: Stage
  var view = View.none
  /// Shared with the other rules of the run.
  var requests: [SourceRequest]
  var layout: Layout
  var faults: [Diagnostic] = []
  var program = Program()
  var lookups: [LookupProgram] = []
  var figures: [FigureProgram] = []
  /// Of a rule of groups: the registers of each record.
  var recordLayout = Layout()
  /// Fields of the record in the order in which they are named.
  var namedFields: [Int] = []
  private var codeTextPlaces: [String: Int] = [:]

  init(
    _ text: ExpressionText, source: Int, stage: Stage, environment: RuleEnvironment, requests: [SourceRequest],
    layout: Layout
  ) {
    self.text = text
    self.source = source
    self.stage = stage
    self.environment = environment
    self.requests = requests
    self.layout = layout
  }

  var definition: SourceDefinition { environment.sources[source] }

  // MARK: entrance

  /// The program of a condition.
  mutating func condition(_ node: Node, depth: Int = 0) -> Program {
    let operand = compile(node, depth)
    require(.boolean, operand, node)
    return finish(operand)
  }

  mutating func finish(_ operand: Operand) -> Program {
    defer { program = Program() }
    program.result = operand.register
    return program
  }

  /// Compiles `node` as a program of its own, whose temporary registers begin at `depth`.
  mutating func separately(_ node: Node, depth: Int) -> (program: Program, type: ValueType) {
    let outer = program
    program = Program()
    let operand = compile(node, depth)
    let inner = finish(operand)
    program = outer
    return (inner, operand.type)
  }

  // MARK: faults

  func written(_ node: Node) -> String {
    let scalars = Array(text.text.unicodeScalars)
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[node.first..<max(node.first, min(node.end, scalars.count))])
    return String(view)
  }

  @discardableResult
  mutating func fault(
    _ node: Node, _ expected: LocalizedText, fix: LocalizedText = LocalizedText("")
  ) -> Operand {
    faults.append(
      Diagnostic(
        .expressionType, at: text.place(node.first), found: written(node), [.word(expected), .word(fix)]))
    return .faulty
  }

  @discardableResult
  mutating func unknown(_ word: String, at scalar: Int, among words: [String]) -> Operand {
    var seen: Set<String> = []
    let words = words.filter { seen.insert($0).inserted }
    let nearest = nearestWord(to: word, among: words)
    let fix = nearest.map { Argument.word(LocalizedText(zh: "是否想写 \($0)？", en: "Did you mean \($0)?")) }
    let shown = words.prefix(40).joined(separator: ", ") + (words.count > 40 ? ", …" : "")
    faults.append(
      Diagnostic(
        .pipelineUnknownName, at: text.place(scalar), found: word,
        [.literal(shown.isEmpty ? "—" : shown), fix ?? .literal("")]))
    return .faulty
  }

  mutating func require(_ type: ValueType, _ operand: Operand, _ node: Node) {
    if operand.type != type, operand.type != .faulty { fault(node, type.words) }
  }

  // MARK: steps

  mutating func emit(_ operation: Step.Operation, to target: Int, _ left: Int = 0, _ right: Int = 0) {
    program.steps.append(Step(operation, to: target, left, right))
  }

  mutating func emit(
    _ operation: Step.Operation, _ depth: Int, _ type: ValueType, _ left: Int, _ right: Int = 0
  ) -> Operand {
    let target = layout.temporary(depth)
    emit(operation, to: target, left, right)
    return Operand(type: type, register: target)
  }

  private mutating func patch(_ places: [Int], target: Int? = nil) {
    for place in places { program.steps[place].target = Int32(target ?? program.steps.count) }
  }

  mutating func compile(_ node: Node, _ depth: Int) -> Operand {
    switch node.content {
    case .integer(let value): return Operand(type: .integer, register: layout.constant(RuleValue(value)))
    case .number(let value): return Operand(type: .number, register: layout.constant(RuleValue(value)))
    case .text(let text): return Operand(type: .text, register: layout.constant(text: Array(text.utf8)))
    case .day(let day): return Operand(type: .day, register: layout.constant(RuleValue(Int64(day))))
    case .time(let seconds): return Operand(type: .time, register: layout.constant(RuleValue(seconds)))
    case .boolean(let truth): return Operand(type: .boolean, register: layout.constant(RuleValue(truth)))
    case .today:
      return Operand(type: .day, register: layout.constant(RuleValue(Int64(environment.today.number))))
    case .firstDay, .lastDay: return windowBound(node)
    case .name(let scope, let name): return resolve(node, scope: scope, name: name)
    case .arithmetic(let symbol, let left, let right): return arithmetic(node, symbol, left, right, depth)
    case .negated(let inner): return negated(inner, depth)
    case .comparison(let comparison, let left, let right): return self.comparison(comparison, left, right, depth)
    case .all(let parts): return join(parts, depth, operation: .and, exit: .jumpIfFalse)
    case .any(let parts): return join(parts, depth, operation: .or, exit: .jumpIfTrue)
    case .not(let inner): return not(conditionOperand(inner, depth), depth)
    case .isBlank(let inner, let isNegated):
      let operand = compile(inner, depth)
      return emit(isNegated ? .isNotBlank : .isBlank, depth, .boolean, operand.register)
    case .matches(let inner, let pattern, let start, let isNegated):
      return matches(inner, pattern, start, isNegated, depth)
    case .isIn(let inner, let items, let isNegated):
      let parts = items.map { Node($0.first, $0.end, .comparison(.equal, inner, $0)) }
      let operand = join(parts, depth, operation: .or, exit: .jumpIfTrue)
      return isNegated ? not(operand, depth) : operand
    case .inWindow(let inner, let isNegated):
      let first = Node(node.start, node.end, .firstDay)
      let last = Node(node.start, node.end, .lastDay)
      if environment.window == nil { return windowBound(first) }
      let parts = [
        Node(inner.first, inner.end, .comparison(.atLeast, inner, first)),
        Node(inner.first, inner.end, .comparison(.atMost, inner, last)),
      ]
      let operand = compile(inner, depth)
      if operand.type != .day, operand.type != .faulty { return wrongDay(inner, operand.type) }
      let both = join(parts, depth, operation: .and, exit: .jumpIfFalse)
      return isNegated ? not(both, depth) : both
    case .textTest(let test, let left, let right, let isNegated):
      return textTest(test, left, right, isNegated, depth)
    case .conditional(let condition, let then, let otherwise):
      return conditional(condition, then, otherwise, depth)
    case .between(let measure, let left, let right): return between(measure, left, right, depth)
    case .call(let function, let arguments): return call(node, function, arguments, depth)
    case .aggregate(let kind, let value, let name, let start, let condition):
      return aggregate(node, kind, value, name, start, condition, depth)
    }
  }

  private mutating func conditionOperand(_ node: Node, _ depth: Int) -> Operand {
    let operand = compile(node, depth)
    require(.boolean, operand, node)
    return operand
  }

  private mutating func not(_ operand: Operand, _ depth: Int) -> Operand {
    emit(.not, depth, .boolean, operand.register)
  }

  private mutating func windowBound(_ node: Node) -> Operand {
    guard let window = environment.window else {
      return fault(node, LocalizedText(zh: "campaign.window（尚未给出）", en: "a campaign.window (none is given)"))
    }
    let isFirst = if case .firstDay = node.content { true } else { false }
    let day = isFirst ? window.lowerBound : window.upperBound
    return Operand(type: .day, register: layout.constant(RuleValue(Int64(day.number))))
  }

  /// `and` and `or`: the parts behind one that decides are not looked at.
  private mutating func join(
    _ parts: [Node], _ depth: Int, operation: Step.Operation, exit: Step.Operation
  ) -> Operand {
    let target = layout.temporary(depth)
    var exits: [Int] = []
    for (index, part) in parts.enumerated() {
      let operand = conditionOperand(part, index == 0 ? depth : depth + 1)
      if index == 0 {
        if operand.register != target { emit(.move, to: target, operand.register) }
      } else {
        emit(operation, to: target, target, operand.register)
      }
      if index + 1 < parts.count {
        exits.append(program.steps.count)
        emit(exit, to: 0, target)
      }
    }
    patch(exits)
    return Operand(type: .boolean, register: target)
  }

  private mutating func conditional(
    _ condition: Node, _ then: Node, _ otherwise: Node?, _ depth: Int
  ) -> Operand {
    let target = layout.temporary(depth)
    let decision = conditionOperand(condition, depth)
    let branch = program.steps.count
    emit(.branch, to: 0, decision.register)
    var left = compile(then, depth + 1)
    let leftEnd = program.steps.count
    emit(.move, to: target, left.register)
    let jump = program.steps.count
    emit(.jump, to: 0)
    program.steps[branch].target = Int32(program.steps.count)
    var right = Operand(type: .boolean, register: layout.constant(RuleValue(true)))
    if let otherwise { right = compile(otherwise, depth + 1) } else { require(.boolean, left, then) }
    if left.type == .integer, right.type == .number {
      program.steps[leftEnd] = Step(.toNumber, to: target, left.register)
      left.type = .number
    } else if left.type == .number, right.type == .integer {
      right = emit(.toNumber, depth + 1, .number, right.register)
    }
    if let otherwise, left.type != right.type, left.type != .faulty, right.type != .faulty {
      fault(otherwise, left.type.words)
    }
    emit(.move, to: target, right.register)
    let secondJump = program.steps.count
    emit(.jump, to: 0)
    program.steps[branch].right = Int32(program.steps.count)
    emit(.blank, to: target)
    patch([jump, secondJump])
    return Operand(type: left.type == .faulty ? right.type : left.type, register: target)
  }

  // MARK: text

  /// The operand as a text: a unit or a team by what is written in its field, a code by itself.
  mutating func textOperand(_ node: Node, _ depth: Int) -> Operand {
    if case .name(let scope, let name) = node.content,
      let raw = resolve(node, scope: scope, name: name, wantsText: true)
    {
      return raw
    }
    let operand = compile(node, depth)
    if case .code(let list) = operand.type { return codeText(list, operand, depth) }
    return operand
  }

  mutating func codeText(_ list: String, _ operand: Operand, _ depth: Int) -> Operand {
    let entries = environment.codeList(list)?.entries ?? []
    let texts = entries.map { layout.constantText(Array($0.code.utf8)) }
    program.codeTexts.append(texts)
    return emit(.codeText, depth, .text, operand.register, program.codeTexts.count - 1)
  }

  private mutating func matches(
    _ inner: Node, _ pattern: String, _ start: Int, _ isNegated: Bool, _ depth: Int
  ) -> Operand {
    let operand = textOperand(inner, depth)
    require(.text, operand, inner)
    do {
      layout.patterns.append(try Pattern(pattern))
    } catch {
      // The fault stands so many bytes into the pattern, behind its quote; a doubled quote before it shifts the place.
      let bytes = Array(pattern.utf8.prefix(error.position))
      let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars.count
      faults.append(
        Diagnostic(
          .expressionSyntax, at: text.place(start + 1 + scalars), found: pattern,
          [.word(error.message), .literal("")]))
      return .faulty
    }
    let result = emit(.matches, depth, .boolean, operand.register, layout.patterns.count - 1)
    return isNegated ? not(result, depth) : result
  }

  private mutating func textTest(
    _ test: Node.TextTest, _ left: Node, _ right: Node, _ isNegated: Bool, _ depth: Int
  ) -> Operand {
    let first = textOperand(left, depth)
    require(.text, first, left)
    let second = textOperand(right, depth + 1)
    require(.text, second, right)
    let operation: Step.Operation =
      switch test {
      case .startsWith: .startsWith
      case .endsWith: .endsWith
      case .contains: .contains
      }
    let result = emit(operation, depth, .boolean, first.register, second.register)
    return isNegated ? not(result, depth) : result
  }
}
