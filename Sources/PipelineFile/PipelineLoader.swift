package import Campaign
package import Diagnostics

/// What a pipeline file says, or what is wrong with it.
package struct LoadedPipeline: Sendable {
  /// `nil` when there is an error among the diagnostics.
  package var definition: CampaignDefinition?
  /// Errors, warnings and notes of all files, by place: those of `pipeline.yaml` first.
  package var diagnostics: [Diagnostic]
}

/// Reads the language that docs/pipeline.md defines.
package enum PipelineLoader {
  package static let fileName = "pipeline.yaml"

  /// Reads `pipeline.yaml` of `folder` and the schema files that it names. Nothing else is opened: rosters and code lists
  /// are read by whoever reads delimited files (`ReferenceLoader`).
  ///
  /// - Parameters:
  ///   - tables: names of the built-in tables; `output.tables` is not checked when empty.
  ///   - isPattern: what is wrong with a regular expression, or `nil`.
  ///   - notChecked: keywords of a JSON Schema that are not checked.
  ///   - read: the bytes of a file, given by `folder/path`. The places in diagnostics say the path without the folder.
  package static func load(
    folder: String, tables: [String] = [], isPattern: (String) -> String? = { _ in nil },
    notChecked: @escaping (String) -> [String] = { _ in [] }, read: (String) throws -> [UInt8]
  ) -> LoadedPipeline {
    withoutActuallyEscaping(isPattern) { isPattern in
      withoutActuallyEscaping(read) { read in
        let prefix = folder.isEmpty ? "" : folder.hasSuffix("/") ? folder : folder + "/"
        let files = SchemaFiles(read: { try read(prefix + $0) })
        let definition = PipelineReader(
          files: files, tables: tables, isPattern: isPattern, notChecked: notChecked
        )
        .definition()
        return LoadedPipeline(definition: files.reader.hasErrors ? nil : definition, diagnostics: files.diagnostics)
      }
    }
  }
}

/// The files of a pipeline, each read once.
private final class SchemaFiles {
  let reader = NodeReader()
  private let read: (String) throws -> [UInt8]
  private var schemas: [String: Schema?] = [:]

  init(read: @escaping (String) throws -> [UInt8]) { self.read = read }

  func pipeline() -> YAMLNode? {
    let file = PipelineLoader.fileName
    do {
      let bytes = try read(file)
      if let root = YAMLReader.read(bytes, file: file, reader: reader) { return root }
      guard !reader.hasErrors else { return nil }
      reader.report(.pipelineMissingKey, at: SourceLocation(file: file, line: 1, column: 1), [.literal("fieldtally")])
    } catch {
      reader.report(.pipelineUnreadable, at: SourceLocation(file: file), [words(error)])
    }
    return nil
  }

  func schema(_ node: YAMLNode, context: SchemaContext) -> Schema? {
    guard let written = reader.path(node) else { return nil }
    if let known = schemas[written] { return known }
    // `datapackage.json#visits`: one resource of a package.
    let parts = written.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let path = String(parts[0])
    let resource = parts.count > 1 ? String(parts[1]) : nil
    let bytes: [UInt8]
    do {
      bytes = try read(path)
    } catch {
      reader.report(.pipelineReference, at: node.place, found: path, [words(error), .literal("")])
      schemas[written] = .some(nil)
      return nil
    }
    // A package may name the file of a schema, and that is not another package.
    schemas[written] = .some(nil)
    let schema = YAMLReader.read(bytes, file: path, reader: reader).flatMap { root in
      DescriptorReader(reader: reader, context: context, path: path, node: node) { self.schema($0, context: context) }
        .schema(root, resource: resource)
    }
    schemas[written] = .some(schema)
    return schema
  }

  private func words(_ error: any Error) -> Argument {
    guard let error = error as? ReadError else { return expected("可以打开的文件", "a file that can be opened") }
    let diagnostic = error.diagnostic
    return expected(diagnostic.expected(.zh), diagnostic.expected(.en))
  }

  /// By place, those of the pipeline file first; the order of one place is the order in which they were found.
  var diagnostics: [Diagnostic] {
    func key(_ order: Int, _ diagnostic: Diagnostic) -> (Int, String, Int, Int, Int) {
      let place = diagnostic.location
      return (place.file == PipelineLoader.fileName ? 0 : 1, place.file, place.line, place.column, order)
    }
    let faults = reader.diagnostics.filter { $0.rule != .pipelineManyFaults }.enumerated()
    let sorted = faults.sorted { key($0.offset, $0.element) < key($1.offset, $1.element) }
    return sorted.map { $0.element } + reader.diagnostics.filter { $0.rule == .pipelineManyFaults }
  }
}

/// Reads the whole file, section by section.
private struct PipelineReader {
  let files: SchemaFiles
  let tables: [String]
  let isPattern: (String) -> String?
  let notChecked: (String) -> [String]
  var reader: NodeReader { files.reader }

  func definition() -> CampaignDefinition? {
    guard let root = files.pipeline() else { return nil }
    let keys = [
      "fieldtally", "campaign", "roster", "codelists", "sources", "rules", "checks", "corrections", "privacy", "output",
    ]
    guard let section = Section(root, keys: keys, reader) else { return nil }
    if let version = section.required("fieldtally"), version.written != "1" {
      reader.wrongValue(version, expected("1", "1"))
    }
    var definition = CampaignDefinition(id: "")
    if let node = section.required("campaign") { readCampaign(node, into: &definition) }
    definition.roster = section["roster"].flatMap(roster)
    definition.codeLists = section["codelists"].map(codeLists) ?? []
    if let node = section["corrections"] {
      definition.corrections = reader.items(node).compactMap { item in
        reader.path(item).map { ReferenceTable(path: $0, location: item.place) }
      }
    }
    if let node = section["privacy"] { definition.privacy = privacy(node) }
    if let node = section["output"] { definition.output = output(node) }
    if let node = section.required("sources") { readSources(node, into: &definition) }
    let ruleReader = RuleReader(reader: reader, sources: definition.sources, window: definition.window)
    if let node = section["rules"] { definition.rules = ruleReader.rules(node) }
    if let node = section["checks"] { definition.checks = ruleReader.checks(node, beside: definition.rules) }
    return definition
  }

  private func readCampaign(_ node: YAMLNode, into definition: inout CampaignDefinition) {
    let keys = ["id", "title", "window", "language", "tolerance"]
    guard let section = Section(node, keys: keys, reader) else { return }
    if let id = section.required("id").flatMap(reader.identifier) {
      definition.id = id
      definition.title = LocalizedText(id)
    }
    if let title = section["title"].flatMap(reader.title) { definition.title = title }
    definition.window = section["window"].flatMap(reader.window)
    if let node = section["language"], let word = reader.word(node, among: Language.allCases.map(\.rawValue)) {
      definition.language = Language(rawValue: word) ?? definition.language
    }
    if let tolerance = section["tolerance"].flatMap(reader.percent) { definition.tolerance = tolerance }
  }

  private func codeLists(_ node: YAMLNode) -> [CodeListDefinition] {
    guard case .mapping(let entries) = node.content else {
      reader.wrongType(node, expected("名称: 文件", "name: file"))
      return []
    }
    return entries.map { entry in
      // A list whose file is wrong is still defined: fields that name it are not at fault.
      CodeListDefinition(name: entry.key, path: reader.path(entry.value) ?? "", location: entry.value.place)
    }
  }

  private func privacy(_ node: YAMLNode) -> PrivacyDefinition {
    var privacy = PrivacyDefinition()
    guard let section = Section(node, keys: ["direct", "key", "threshold"], reader) else { return privacy }
    if let node = section["direct"] {
      let words = PrivacyDefinition.Method.allCases.map(\.rawValue)
      privacy.direct = reader.word(node, among: words).flatMap(PrivacyDefinition.Method.init) ?? .mask
    }
    if let node = section["key"] {
      privacy.key = reader.path(node).map { ReferenceTable(path: $0, location: node.place) }
      if privacy.direct == .mask { reader.wrongValue(node, expected("direct: hash 才用密钥", "`direct: hash` beside it")) }
    } else if privacy.direct == .hash {
      reader.wrongValue(section["direct"] ?? node, expected("与 key（密钥文件）同用", "`key`, a file with a key, beside it"))
    }
    if let threshold = section["threshold"].flatMap({ reader.integer($0, in: 0...1000) }) {
      privacy.threshold = threshold
    }
    return privacy
  }

  private func output(_ node: YAMLNode) -> OutputDefinition {
    var output = OutputDefinition()
    guard let section = Section(node, keys: ["formats", "tables", "sheet-rows"], reader) else { return output }
    if let node = section["formats"] {
      let words = OutputFormat.allCases.map(\.rawValue)
      let known = reader.items(node).compactMap { reader.word($0, among: words).flatMap(OutputFormat.init) }
      output.formats = known
      if reader.items(node).isEmpty { reader.wrongType(node, expected("至少一种格式", "at least one format")) }
    }
    if let node = section["tables"] {
      output.tables = reader.items(node).compactMap { item in
        tables.isEmpty ? reader.text(item) : reader.word(item, among: tables)
      }
    }
    // A sheet holds 1,048,576 rows, its header included.
    if let rows = section["sheet-rows"].flatMap({ reader.integer($0, in: 1...1_048_575) }) { output.sheetRows = rows }
    return output
  }

  private func readSources(_ node: YAMLNode, into definition: inout CampaignDefinition) {
    guard let items = reader.list(node) else { return }
    if items.isEmpty { reader.wrongType(node, expected("至少一个数据源", "at least one source")) }
    let context = SchemaContext(
      codeLists: definition.codeLists.map(\.name), hasWindow: definition.window != nil, isPattern: isPattern,
      notChecked: notChecked)
    let sourceReader = SourceReader(reader: reader, context: context) { files.schema($0, context: context) }
    var places: [String: SourceLocation] = [:]
    var foreignKeys: [[PendingForeignKey]] = []
    for item in items {
      guard let (source, keys) = sourceReader.source(item) else { continue }
      let counted = Set(source.countedFields)
      for field in source.fields + source.findings.flatMap(\.fields)
      where field.personal == .direct && counted.contains(field.name) {
        // Of a mask nothing can be counted, and a table of hashes tells nobody anything.
        reader.report(
          .pipelineWrongValue, at: field.location, found: field.name,
          [
            .word(
              LocalizedText(
                zh: "不用来统计的字段才能是 direct（单位、地区、督查组、方式、类别等不能）",
                en: "`direct` for fields by which nothing is counted (no unit, region, team, method or category)")),
            .literal(""),
          ])
      }
      definition.sources.append(source)
      foreignKeys.append(keys)
      guard !source.name.isEmpty else { continue }
      if let first = places.updateValue(source.location, forKey: source.name) {
        reader.report(.pipelineRepeatedName, at: source.location, found: source.name, [.literal(first.description)])
      }
    }
    ForeignKeyResolver(reader: reader).resolve(foreignKeys, in: &definition)
  }
}

// MARK: - Roster
extension PipelineReader {
  private func roster(_ node: YAMLNode) -> RosterDefinition? {
    guard let section = Section(node, keys: ["units", "teams", "regions", "decisions"], reader) else { return nil }
    var roster = RosterDefinition()
    roster.units = section["units"].flatMap { table($0, roles: ReferenceRole.ofUnits) }
    roster.teams = section["teams"].flatMap { table($0, roles: ReferenceRole.ofTeams) }
    roster.regions = section["regions"].flatMap { table($0, roles: ReferenceRole.ofRegions) }
    roster.decisions = section["decisions"].flatMap { table($0, roles: ReferenceRole.ofDecisions) }
    if roster.decisions != nil, roster.units == nil, let node = section["decisions"] {
      reader.wrongValue(node, expected("与 units 同用", "`units` beside it"))
    }
    return roster
  }

  private func table(_ node: YAMLNode, roles: [ReferenceRole]) -> ReferenceTable? {
    if case .text = node.content { return reader.path(node).map { ReferenceTable(path: $0, location: node.place) } }
    guard let section = Section(node, keys: ["file", "columns"], reader), let file = section.required("file"),
      let path = reader.path(file)
    else { return nil }
    var table = ReferenceTable(path: path, location: file.place)
    guard let columns = section["columns"] else { return table }
    let words = roles.map(\.rawValue)
    guard Section(columns, keys: words, reader) != nil, case .mapping(let entries) = columns.content else {
      return table
    }
    for entry in entries { table.columns[entry.key] = reader.text(entry.value) }
    return table
  }
}

extension NodeReader {
  /// `2022-11-01/2022-11-15`.
  fileprivate func window(_ node: YAMLNode) -> ClosedRange<Day>? {
    guard let text = text(node) else { return nil }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 2, let first = day(parts[0]), let last = day(parts[1]), first <= last { return first...last }
    wrongValue(
      node, expected("起始日/截止日，如 2022-11-01/2022-11-15", "FIRST/LAST, real days in order, like 2022-11-01/2022-11-15"))
    return nil
  }

  private func day(_ text: Substring) -> Day? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
      text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    return Day(year: year, month: month, day: day)
  }

  fileprivate func percent(_ node: YAMLNode) -> Double? {
    if case .text(let text, _) = node.content, let number = Double(text), (0...100).contains(number) { return number }
    wrongType(node, expected("0 至 100 的百分数", "a percentage from 0 to 100"))
    return nil
  }
}
