import Campaign
import Diagnostics

/// Finds the schema in a descriptor file as other tools write it: a Table Schema itself, a Data Resource with its
/// `schema`, or a Data Package, of whose `resources` one is meant.
struct DescriptorReader {
  let reader: NodeReader
  let context: SchemaContext
  /// Of the descriptor.
  let path: String
  /// Where the pipeline names it.
  let node: YAMLNode
  /// The schema in another file, which a resource may name.
  let schemaFile: (YAMLNode) -> Schema?

  /// - Parameter resource: name of the resource that is meant; may be left out where there is one only.
  func schema(_ root: YAMLNode, resource: String?) -> Schema? {
    guard case .mapping(let entries) = root.content else { return plain(root) }
    func value(_ key: String, of entries: [YAMLNode.Entry]) -> YAMLNode? { entries.first { $0.key == key }?.value }
    if value("fields", of: entries) != nil { return plain(root) }
    if let schema = value("schema", of: entries) { return self.schema(of: schema) }
    guard let node = value("resources", of: entries), let list = reader.list(node) else { return plain(root) }
    let resources = list.compactMap { item -> (name: String, entries: [YAMLNode.Entry])? in
      guard case .mapping(let entries) = item.content, let name = value("name", of: entries)?.written else {
        return nil
      }
      return (name, entries)
    }
    let tables = resources.filter { value("schema", of: $0.entries) != nil }
    let chosen = resource == nil && tables.count == 1 ? tables.first : tables.first { $0.name == resource }
    guard let chosen, let node = value("schema", of: chosen.entries) else {
      reader.unknown(
        .pipelineUnknownName, resource ?? "", at: self.node.place, among: tables.map { path + "#" + $0.name })
      return nil
    }
    var schema = schema(of: node)
    let files = Dictionary(
      resources.compactMap { resource in
        value("path", of: resource.entries).map { (resource.name, reader.items($0).first?.written ?? "") }
      }, uniquingKeysWith: { first, _ in first })
    for place in schema?.foreignKeys.indices ?? 0..<0 {
      guard let name = schema?.foreignKeys[place].resource else { continue }
      if name == chosen.name {
        schema?.foreignKeys[place].resource = ""
      } else if let file = files[name] {
        schema?.foreignKeys[place].path = beside(file)
      }
    }
    return schema
  }

  private func plain(_ root: YAMLNode) -> Schema? { SchemaReader(reader: reader, context: context).schema(root) }

  private func schema(of node: YAMLNode) -> Schema? {
    guard case .text(let file, let isPlain) = node.content else { return plain(node) }
    var moved = node
    moved.content = .text(beside(file), isPlain: isPlain)
    return schemaFile(moved)
  }

  /// A path of the descriptor, which begins at its folder, from the campaign's folder.
  private func beside(_ file: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return file }
    return String(path[...slash]) + file
  }
}

/// Finds what foreign keys refer to, when all sources are known.
struct ForeignKeyResolver {
  let reader: NodeReader

  func resolve(_ pending: [[PendingForeignKey]], in definition: inout CampaignDefinition) {
    let sources = definition.sources
    for (place, keys) in pending.enumerated() {
      definition.sources[place].foreignKeys = keys.compactMap { key in
        guard let target = target(of: key, from: sources[place], in: definition) else { return nil }
        return ForeignKey(fields: key.fields, target: target, targetFields: key.targetFields, location: key.place)
      }
    }
  }

  private func target(
    of key: PendingForeignKey, from source: SourceDefinition, in definition: CampaignDefinition
  ) -> ForeignKey.Target? {
    if key.resource.isEmpty { return .source(source.name) }
    if let other = definition.sources.first(where: { $0.name == key.resource }) {
      let names = other.fields.map(\.name)
      guard let wrong = key.targetFields.first(where: { !names.contains($0) }) else { return .source(other.name) }
      reader.unknown(.pipelineUnknownName, wrong, at: key.place, among: names)
      return nil
    }
    let lists: [(name: String, target: ForeignKey.Target, isDefined: Bool)] = [
      ("units", .units, definition.roster?.units != nil), ("teams", .teams, definition.roster?.teams != nil),
      ("regions", .regions, definition.roster?.regions != nil),
    ]
    if let list = lists.first(where: { $0.name == key.resource && $0.isDefined }) {
      return checked(list.target, key, among: ["code", "name"])
    }
    if definition.codeLists.contains(where: { $0.name == key.resource }) {
      return checked(.codeList(key.resource), key, among: ["code"])
    }
    if let path = key.path {
      let node = YAMLNode(content: .text(path, isPlain: false), place: key.place, size: 1)
      return reader.path(node).map { .table($0) }
    }
    reader.unknown(
      .pipelineUnknownName, key.resource, at: key.place,
      among: lists.filter(\.isDefined).map(\.name) + definition.codeLists.map(\.name)
        + definition.sources.map(\.name))
    return nil
  }

  private func checked(
    _ target: ForeignKey.Target, _ key: PendingForeignKey, among names: [String]
  ) -> ForeignKey.Target? {
    guard let wrong = key.targetFields.first(where: { !names.contains($0) }) else { return target }
    reader.unknown(.pipelineUnknownName, wrong, at: key.place, among: names)
    return nil
  }
}
