package import Campaign
package import Diagnostics

/// What is read from the XML files of one source, compiled once and shared by all its files: the paths of the record, its
/// fields and its repeats as one automaton.
///
/// Every path becomes a path from the root of the document; a field with `..` is a value of an ancestor, remembered until
/// a row needs it.
package struct XMLPlan: Sendable {
  package let options: XMLOptions
  /// Number of fields of the record, and of each repeat.
  let widths: [Int]
  let automaton: PathAutomaton
  /// For each group the cells that come from remembered values of ancestors.
  let inherited: [[(cell: Int, value: Int)]]
  let inheritedCount: Int
  let columnOfField: [Int32]
  /// For the account.
  let dialect: String
  /// Paths as written and their fields, for the account.
  let columns: [(header: String, field: String?)]
  /// As written, by group and cell, for messages.
  let paths: [[String]]
  let names: [[String]]

  /// - Parameters:
  ///   - fields: in the order of the cells of group 0; a field without a path is read at its name.
  ///   - repeats: repeat n becomes group n, from 1; its path begins at the record, those of its fields at the element.
  ///   - location: of the source in the pipeline, for messages about `record` and the paths of repeats.
  /// - Throws: when a path is not one.
  package init(
    options: XMLOptions, fields: [Field], repeats: [(path: String, fields: [Field])] = [],
    at location: SourceLocation = SourceLocation(file: "pipeline.yaml")
  ) throws(XMLPlanError) {
    var compiler = PlanCompiler(parser: XMLPathParser(namespaces: options.namespaces))
    let groups = [(path: ".", fields: fields)] + repeats
    let record = try compiler.parser.record(options.record, at: location)
    for (group, definition) in groups.enumerated() {
      try compiler.add(group, definition, record, options.record, at: location)
    }
    var builder = AutomatonBuilder(compiler.trie, isAnywhere: record.isAnywhere)
    guard let automaton = builder.build() else {
      throw compiler.parser.failure(options.record, location, zh: "较少的 *", en: "paths with fewer *")
    }
    self.options = options
    dialect = "record=\(options.record)"
    self.automaton = automaton
    widths = groups.map(\.fields.count)
    inherited = compiler.inherited
    inheritedCount = compiler.inheritedCount
    columnOfField = fields.indices.map { Int32($0) }
    paths = groups.map { $0.fields.map { $0.path ?? $0.name } }
    names = groups.map { $0.fields.map(\.name) }
    columns = groups.flatMap { group in
      group.fields.map { field in
        ((group.path == "." ? "" : group.path + "/") + (field.path ?? field.name), Optional(field.name))
      }
    }
  }
}

/// Collects the paths of a plan.
private struct PlanCompiler {
  let parser: XMLPathParser
  var trie = PathTrie()
  var inherited: [[(cell: Int, value: Int)]] = []
  var inheritedCount = 0

  mutating func add(
    _ group: Int, _ definition: (path: String, fields: [Field]), _ record: (steps: [XMLStep], isAnywhere: Bool),
    _ recordPath: String, at location: SourceLocation
  ) throws(XMLPlanError) {
    let path = try parser.relative(definition.path, at: location)
    guard path.ups == 0, path.attribute == nil, group == 0 || !path.steps.isEmpty else {
      throw parser.failure(definition.path, location, zh: "记录内的元素", en: "elements within the record")
    }
    let root = record.steps + path.steps
    let place = trie.place(root)
    if group == 0 { trie[place].isRecord = true } else { trie[place].repeats.append(Int32(group)) }
    inherited.append([])
    for (cell, field) in definition.fields.enumerated() {
      let text = field.path ?? field.name
      let path = try parser.relative(text, at: field.location)
      if path.ups == 0 {
        attach(Target(group: Int32(group), cell: Int32(cell)), to: path, below: root)
        continue
      }
      guard root.count > path.ups, !record.isAnywhere || root.count - record.steps.count >= path.ups else {
        throw parser.failure(
          text, field.location, zh: "不超出根元素的 ..（记录是 \(recordPath)）",
          en: "no .. above the root (the record is \(recordPath))")
      }
      let ancestor = Array(root.dropLast(path.ups))
      trie[trie.place(ancestor)].forgets.append(Int32(inheritedCount))
      attach(Target(group: Target.ancestor, cell: Int32(inheritedCount)), to: path, below: ancestor)
      inherited[group].append((cell, inheritedCount))
      inheritedCount += 1
    }
  }

  private mutating func attach(_ target: Target, to path: XMLPath, below root: [XMLStep]) {
    let place = trie.place(root + path.steps)
    if let attribute = path.attribute {
      trie[place].attributes.append((attribute, target))
    } else {
      trie[place].values.append(target)
    }
  }
}
