/// What the plan makes of the elements of a document, as long as only the elements around them have a say in it: then one
/// look tells it for all files in which the same start tags are open.
@safe struct ElementMeanings {
  enum Meaning {
    /// Siblings have a say in it.
    case asked
    /// Place in the automaton.
    case node(Int32)
    /// No field reads it, or anything in it.
    case unread
  }

  private let automaton: PathAutomaton
  /// Where a child leads to from a node; -1 for nowhere.
  private let next: (Int32, UnsafePointer<UInt8>, UnsafePointer<UInt8>?) -> Int32
  /// Whether siblings are counted; then nothing is known.
  private var isAsked: Bool { automaton.counterCount > 0 }
  /// Nodes of the elements that are open, the document's first.
  private var open: [Int32] = [0]
  /// Elements that are open within one that no field reads, itself included.
  private var skipping = 0

  init(
    _ automaton: PathAutomaton, next: @escaping (Int32, UnsafePointer<UInt8>, UnsafePointer<UInt8>?) -> Int32
  ) {
    self.automaton = automaton
    unsafe self.next = unsafe next
  }

  /// Node of the innermost element.
  var innermost: Int32 { open[open.count - 1] }

  /// An element begins; `nil` when it means nothing.
  @discardableResult
  mutating func start(_ name: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?) -> Meaning? {
    if isAsked { return .asked }
    if skipping > 0 {
      skipping += 1
      return nil
    }
    guard let name = unsafe name else { return nil }
    let node = unsafe next(innermost, name, uri)
    guard node >= 0 else {
      skipping = 1
      return .unread
    }
    open.append(node)
    return .node(node)
  }

  /// The innermost element ends; `false` when that means nothing.
  @discardableResult
  mutating func end() -> Bool {
    if isAsked { return true }
    if skipping > 0 {
      skipping -= 1
      return false
    }
    open.removeLast()
    return true
  }

  /// Whether the text of an element that is open may be read.
  var readsText: Bool { isAsked || skipping == 0 && !automaton.nodes[Int(innermost)].values.isEmpty }

  /// The cell that the text of the innermost element is, if its start and its end do nothing but that.
  var cell: Target? {
    guard !isAsked, skipping == 0, open.count > 1 else { return nil }
    let node = automaton.nodes[Int(innermost)]
    guard node.values.count == 1, node.repeats.isEmpty, node.forgets.isEmpty, node.counters.isEmpty, !node.isRecord,
      open.dropLast().allSatisfy({ automaton.nodes[Int($0)].values.isEmpty })
    else { return nil }
    let target = automaton.values[Int(node.values.lowerBound)]
    return target.group == Target.ancestor ? nil : target
  }
}
