/// What happens when an element or attribute at the end of a path is read: where its text goes. `group` 0 is the record,
/// n is repeat n; `ancestor` says that the text is kept in `cell` of the remembered values of ancestors instead.
struct Target: Hashable, Sendable {
  static let ancestor: Int32 = -1
  var group: Int32
  var cell: Int32
}

/// All paths of a source from the root of the document, merged where they begin alike. Made when the plan is compiled.
struct PathTrie {
  struct Node {
    var step: XMLStep
    var children: [Int] = []
    var isRecord = false
    var repeats: [Int32] = []
    var values: [Target] = []
    var attributes: [(test: XMLStep, target: Target)] = []
    /// Remembered values that are forgotten when such an element begins: they belong to its content.
    var forgets: [Int32] = []
  }
  private(set) var nodes = [Node(step: XMLStep(local: "", uri: nil, index: nil))]

  /// The place of the path `steps`.
  mutating func place(_ steps: some Sequence<XMLStep>) -> Int {
    var at = 0
    for step in steps {
      if let known = nodes[at].children.first(where: { nodes[$0].step == step }) {
        at = known
        continue
      }
      nodes.append(Node(step: step))
      nodes[at].children.append(nodes.count - 1)
      at = nodes.count - 1
    }
    return at
  }

  subscript(place: Int) -> Node {
    get { nodes[place] }
    set { nodes[place] = newValue }
  }
}
