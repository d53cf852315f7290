/// The paths of a source as a deterministic automaton over the elements that are open: one look-up per start tag says what
/// the element means. Flat arrays, read by any number of tasks.
struct PathAutomaton: Sendable {
  /// Ranges are places in the arrays below. All are empty for an element that only leads to others.
  struct Node: Sendable {
    /// Where a child goes whose name no edge has; -1 for nowhere.
    var otherwise: Int32 = -1
    var values: Range<Int32> = 0..<0
    var attributes: Range<Int32> = 0..<0
    var repeats: Range<Int32> = 0..<0
    var forgets: Range<Int32> = 0..<0
    var counters: Range<Int32> = 0..<0
    var isRecord = false
    /// Whether anything has to be done when such an element begins.
    var isActive = false
  }
  /// `name` and `uri` are places in `names` and `uris`; `uri` 0 stands for every namespace that has no number.
  struct Edge: Sendable {
    var node: Int32
    var name: Int32
    var uri: Int32
    /// A node; or -2 - n for place n in `counted`.
    var target: Int32
  }
  /// An edge that depends on how many siblings of that name there were: the n-th goes to `targets[first + n - 1]` (-1 for
  /// nowhere), those after `count` like the last.
  struct CountedEdge: Sendable {
    var counter: Int32
    var first: Int32
    var count: Int32
  }
  struct AttributeTest: Sendable {
    var name: Int32
    /// Place in `uris`, or 0 for any.
    var uri: Int32
    var target: Target
  }

  var nodes: [Node] = []
  /// How a person would write each node.
  var paths: [String] = []
  var edges: [Edge] = []
  var counted: [CountedEdge] = []
  var targets: [Int32] = []
  var counterCount = 0
  var values: [Target] = []
  var attributes: [AttributeTest] = []
  var repeats: [Int32] = []
  var forgets: [Int32] = []
  var names: [[UInt8]] = []
  /// Place 0 is not used.
  var uris: [[UInt8]] = [[]]
}

/// Builds the automaton: the subset construction over the trie.
struct AutomatonBuilder {
  /// Far above any questionnaire; only paths made of many `*` reach it.
  static let maximumNodes = 20_000

  private let trie: PathTrie
  private let isAnywhere: Bool
  private var automaton = PathAutomaton()
  private var nodeOfSet: [[Int]: Int32] = [:]
  private var sets: [[Int]] = []
  private var numberOfName: [String: Int32] = [:]
  private var numberOfURI: [String: Int32] = [:]

  init(_ trie: PathTrie, isAnywhere: Bool) {
    self.trie = trie
    self.isAnywhere = isAnywhere
  }

  /// `nil` when the paths need too many nodes.
  mutating func build() -> PathAutomaton? {
    for node in trie.nodes.dropFirst() {
      if let uri = node.step.uri { _ = number(ofURI: uri) }
    }
    _ = node(for: [0], path: "")
    var next = 0
    while next < sets.count {
      guard sets.count <= Self.maximumNodes else { return nil }
      connect(next)
      next += 1
    }
    return automaton
  }

  private mutating func connect(_ node: Int) {
    let children = sets[node].flatMap { trie[$0].children }
    var seen: Set<String> = []
    let firstCounter = Int32(automaton.counterCount)
    for child in children {
      let local = trie[child].step.local
      guard local != "*", seen.insert(local).inserted else { continue }
      connect(node, children, local)
    }
    automaton.nodes[node].counters = firstCounter..<Int32(automaton.counterCount)
    if firstCounter < automaton.counterCount { automaton.nodes[node].isActive = true }
    let others = followers(of: node, children.filter { trie[$0].step.local == "*" })
    automaton.nodes[node].otherwise = others.isEmpty ? -1 : self.node(for: others, path: path(node, "*"))
  }

  private mutating func connect(_ node: Int, _ children: [Int], _ local: String) {
    let named = children.filter { trie[$0].step.local == local }
    let last = named.compactMap { trie[$0].step.index }.max() ?? 0
    var counter: Int32?
    if last > 0 {
      counter = Int32(automaton.counterCount)
      automaton.counterCount += 1
    }
    let namespaces = [nil] + (numberOfURI.isEmpty ? [] : numberOfURI.keys.sorted().map(Optional.some))
    for uri in namespaces {
      func target(_ occurrence: Int) -> Int32 {
        let matching = children.filter { child in
          let step = trie[child].step
          return (step.local == local || step.local == "*") && (step.uri == nil || step.uri == uri)
            && (step.index == nil || step.index == occurrence)
        }
        let set = followers(of: node, matching)
        return set.isEmpty
          ? -1
          : self.node(for: set, path: path(node, last > 0 && occurrence <= last ? "\(local)[\(occurrence)]" : local))
      }
      var edge = PathAutomaton.Edge(
        node: Int32(node), name: number(ofName: local), uri: uri.map { number(ofURI: $0) } ?? 0, target: -1)
      if let counter {
        let places = (1...last + 1).map(target)
        edge.target = -2 - Int32(automaton.counted.count)
        automaton.counted.append(
          .init(counter: counter, first: Int32(automaton.targets.count), count: Int32(places.count)))
        automaton.targets += places
      } else {
        edge.target = target(0)
      }
      if edge.target != -1 { automaton.edges.append(edge) }
    }
  }

  /// The set after `matching`. A search (`//`) goes on until a record is found, and not inside it.
  private func followers(of node: Int, _ matching: [Int]) -> [Int] {
    var set = matching
    if isAnywhere, sets[node].contains(0), !matching.contains(where: { trie[$0].isRecord }) { set.append(0) }
    return Array(Set(set)).sorted()
  }

  private func path(_ node: Int, _ name: String) -> String {
    isAnywhere && sets[node].contains(0) ? "//\(name)" : "\(automaton.paths[node])/\(name)"
  }

  private mutating func node(for set: [Int], path: String) -> Int32 {
    if let known = nodeOfSet[set] { return known }
    let number = Int32(sets.count)
    nodeOfSet[set] = number
    sets.append(set)
    var node = PathAutomaton.Node()
    node.values = extend(\.values, set.flatMap { trie[$0].values })
    node.repeats = extend(\.repeats, set.flatMap { trie[$0].repeats }.sorted())
    node.forgets = extend(\.forgets, set.flatMap { trie[$0].forgets })
    let tests = set.flatMap { trie[$0].attributes }.map { attribute in
      PathAutomaton.AttributeTest(
        name: self.number(ofName: attribute.test.local), uri: attribute.test.uri.map { self.number(ofURI: $0) } ?? 0,
        target: attribute.target)
    }
    node.attributes = extend(\.attributes, tests)
    node.isRecord = set.contains { trie[$0].isRecord }
    node.isActive =
      node.isRecord || !node.values.isEmpty || !node.repeats.isEmpty || !node.forgets.isEmpty
      || !node.attributes.isEmpty
    automaton.nodes.append(node)
    automaton.paths.append(path)
    return number
  }

  private mutating func extend<Element>(
    _ array: WritableKeyPath<PathAutomaton, [Element]>, _ elements: [Element]
  ) -> Range<Int32> {
    let first = Int32(automaton[keyPath: array].count)
    automaton[keyPath: array] += elements
    return first..<Int32(automaton[keyPath: array].count)
  }

  private mutating func number(ofName name: String) -> Int32 {
    if let known = numberOfName[name] { return known }
    let number = Int32(automaton.names.count)
    numberOfName[name] = number
    automaton.names.append(Array(name.utf8))
    return number
  }

  private mutating func number(ofURI uri: String) -> Int32 {
    if let known = numberOfURI[uri] { return known }
    let number = Int32(automaton.uris.count)
    numberOfURI[uri] = number
    automaton.uris.append(Array(uri.utf8))
    return number
  }
}
