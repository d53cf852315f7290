import Campaign
import Diagnostics

/// Reads one item of `sources`.
struct SourceReader {
  let reader: NodeReader
  let context: SchemaContext
  /// The schema of a file, or `nil` after its faults were reported. A file is read once, however many sources name it.
  let schemaFile: (YAMLNode) -> Schema?

  private static let delimitedKeys = [
    "delimiter", "quote", "escape", "header-rows", "skip", "totals", "sheet", "fill-down",
    "continue-when-blank",
  ]
  private static let xmlKeys = ["record", "namespaces", "salvage", "on-finding-error", "validate", "limits"]
  private static let keys =
    [
      "name", "title", "files", "schema", "fields", "format", "encoding", "unit", "region", "team", "date", "method",
      "mode", "visit", "primary-key", "duplicates", "only", "records", "findings",
    ] + delimitedKeys + xmlKeys

  /// What a source may set of `XMLLimits`, and how high. Beyond these libxml2 has limits of its own, or takes a time that
  /// grows with the square of the number.
  private static let limits: [(key: String, highest: Int)] = [
    ("depth", 250), ("tag", 4 << 20), ("attributes", 5000), ("text", 1 << 30), ("section", 9_000_000),
    ("record", 1 << 30), ("cells", 100_000_000), ("prolog", 64 << 20),
  ]

  /// - Returns: the source, and the foreign keys of its schema.
  func source(_ node: YAMLNode) -> (source: SourceDefinition, foreignKeys: [PendingForeignKey])? {
    guard let section = Section(node, keys: Self.keys, reader) else { return nil }
    let name = section.required("name").flatMap(reader.identifier) ?? ""
    var source = SourceDefinition(name: name, location: section["name"]?.place ?? section.place)
    if let title = section["title"].flatMap(reader.title) { source.title = title }
    source.files = section.required("files").map(patterns) ?? []
    source.format = format(section)
    source.encoding = section["encoding"].flatMap(reader.encoding)
    if let truth = section["visit"].flatMap(reader.boolean) { source.isVisit = truth }
    if let truth = section["records"].flatMap(reader.boolean) { source.writesRecords = truth }
    if let word = section["on-finding-error"].flatMap({ reader.word($0, among: ["record", "finding"]) }) {
      source.rejectsFindingsAlone = word == "finding"
    }
    let schema = schema(section) ?? Schema(fields: [], primaryKey: [], isWhole: false)
    source.fields = schema.fields
    source.uniqueKeys = schema.uniqueKeys
    source.fieldsMatch = schema.fieldsMatch
    readRoles(section, schema, into: &source)
    readRows(section, schema, into: &source)
    if let list = section["findings"].flatMap(reader.list) {
      let findings = FindingReader(reader: reader, context: context, schema: schema, schemaFile: schemaFile)
      source.findings = list.compactMap { findings.finding($0, in: source.format) }
    }
    checkPrefixes(of: source)
    return (source, schema.foreignKeys)
  }

  private func patterns(_ node: YAMLNode) -> [String] {
    let items = reader.items(node)
    if items.isEmpty { reader.wrongType(node, expected("至少一个文件名模式", "at least one pattern")) }
    return items.compactMap { item in
      guard let path = reader.path(item) else { return nil }
      if path.hasPrefix("inbox/"), path.utf8.count > 6 { return path }
      reader.wrongValue(item, expected("以 inbox/ 开头的模式", "a pattern that begins with inbox/"))
      return nil
    }
  }

  private func schema(_ section: Section) -> Schema? {
    switch (section["schema"], section["fields"]) {
    case (let node?, nil):
      if case .mapping = node.content { return SchemaReader(reader: reader, context: context).schema(node) }
      return schemaFile(node)
    case (nil, let list?): return SchemaReader(reader: reader, context: context).schema(fields: list)
    case (_?, let list?): reader.wrongValue(list, expected("schema 与 fields 只写一个", "either schema or fields"))
    case (nil, nil):
      reader.report(.pipelineMissingKey, at: section.place, [expected("schema 或 fields", "schema or fields")])
    }
    return nil
  }
}

// MARK: - Format
extension SourceReader {
  private func format(_ section: Section) -> SourceFormat {
    let words = ["delimited", "xml", "xforms"]
    let isDeclared = section["format"] != nil
    let word = section["format"].flatMap { reader.word($0, among: words) }
    let format = word ?? (section["record"] == nil ? "delimited" : "xml")
    // After a word that is none of the three, which keys would fit is not known.
    if word != nil || !isDeclared {
      for key in format == "delimited" ? Self.xmlKeys : Self.delimitedKeys where section[key] != nil {
        misplaced(key, section, in: format)
      }
      if format == "xforms", section["record"] != nil { misplaced("record", section, in: format) }
    }
    if format == "delimited" { return .delimited(delimitedOptions(section)) }
    let options = xmlOptions(section)
    return format == "xml" ? .xml(options) : .xforms(options)
  }

  private func misplaced(_ key: String, _ section: Section, in format: String) {
    reader.report(
      .pipelineWrongValue, at: section.keyPlace(key), found: key,
      [expected("适合 format: \(format) 的键", "a key that goes with format: \(format)"), .literal("")])
  }

  private func delimitedOptions(_ section: Section) -> DelimitedOptions {
    var options = DelimitedOptions()
    options.delimiter = section["delimiter"].flatMap { node in
      reader.text(node).flatMap { $0 == "\\t" ? "\t" : delimiter($0, node) }
    }
    options.quote = section["quote"].flatMap(reader.character)
    options.escape = section["escape"].flatMap(reader.character)
    options.headerRows = section["header-rows"].flatMap { reader.integer($0, in: 1...100) }
    options.skip = section["skip"].flatMap { reader.integer($0, in: 0...1_000_000) }
    options.totals = section["totals"].map(reader.texts)
    options.sheets = section["sheet"].map(reader.texts)
    if let quote = options.quote, quote == options.delimiter, let node = section["quote"] {
      reader.wrongValue(node, expected("与分隔符不同的字符", "a character other than the delimiter"))
    }
    return options
  }

  private func delimiter(_ text: String, _ node: YAMLNode) -> String? {
    let endsLine = text.unicodeScalars.contains { $0 == "\n" || $0 == "\r" }
    if text.utf8.count <= 16, !endsLine { return text }
    reader.wrongValue(node, expected("至多 16 字节，不含换行", "at most 16 bytes without a line break"))
    return nil
  }

  private func xmlOptions(_ section: Section) -> XMLOptions {
    var options = XMLOptions()
    if let path = section["record"].flatMap(reader.recordPath) { options.record = path }
    if let truth = section["salvage"].flatMap(reader.boolean) { options.salvagesBroken = truth }
    if let node = section["validate"], let path = reader.path(node) {
      if path.hasSuffix(".xsd") || path.hasSuffix(".rng") {
        options.schema = XMLSchemaReference(path: path, location: node.place)
      } else {
        reader.wrongValue(node, expected("以 .xsd 或 .rng 结尾的文件", "a file that ends in .xsd or .rng"))
      }
    }
    if let node = section["limits"], let limits = Section(node, keys: Self.limits.map(\.key), reader) {
      for (key, highest) in Self.limits {
        if let limit = limits[key].flatMap({ reader.integer($0, in: 1...highest) }) { options.limits[key] = limit }
      }
    }
    if let node = section["namespaces"] {
      _ = Section(node, reader) { entry in
        if let uri = reader.text(entry.value) { options.namespaces[entry.key] = uri }
      }
    }
    return options
  }

  /// Prefixes of paths must be those of `namespaces`. Told where the field stands, which may be another file.
  private func checkPrefixes(of source: SourceDefinition) {
    let options: XMLOptions
    switch source.format {
    case .delimited: return
    case .xml(let known), .xforms(let known): options = known
    }
    let known = options.namespaces.keys.sorted()
    func check(_ path: String, at place: SourceLocation) {
      for prefix in prefixes(in: path) where !known.contains(prefix) {
        reader.unknown(.pipelineUnknownName, prefix, at: place, among: known)
      }
    }
    check(options.record, at: source.location)
    for field in source.fields { check(field.path ?? "", at: field.location) }
    for finding in source.findings {
      check(finding.each ?? "", at: finding.location)
      for field in finding.fields { check(field.path ?? "", at: field.location) }
    }
  }
}

// MARK: - Roles of fields
extension SourceReader {
  private func readRoles(_ section: Section, _ schema: Schema, into source: inout SourceDefinition) {
    source.unit = section["unit"].flatMap { unit($0, schema) }
    source.region = section["region"].flatMap { reader.fieldName($0, in: schema) }
    source.team = section["team"].flatMap { reader.fieldName($0, in: schema) }
    source.date = section["date"].flatMap { date($0, schema) }
    source.method = section["method"].flatMap { reader.fieldOrConstant($0, in: schema) }
    source.mode = section["mode"].flatMap { reader.fieldOrConstant($0, in: schema) }
  }

  private func unit(_ node: YAMLNode, _ schema: Schema) -> UnitReference? {
    if case .text = node.content { return reader.fieldName(node, in: schema).map { UnitReference(name: $0) } }
    guard let section = Section(node, keys: ["code", "name", "unknown"], reader) else { return nil }
    if section["code"] == nil, section["name"] == nil {
      reader.report(.pipelineMissingKey, at: section.place, [expected("code 或 name", "code or name")])
    }
    let policy = section["unknown"].flatMap { reader.word($0, among: ["reject", "add"]) }
    return UnitReference(
      code: section["code"].flatMap { reader.fieldName($0, in: schema) },
      name: section["name"].flatMap { reader.fieldName($0, in: schema) }, addsUnknown: policy == "add")
  }

  private func date(_ node: YAMLNode, _ schema: Schema) -> String? {
    guard let name = reader.fieldName(node, in: schema) else { return nil }
    if let field = schema.fields.first(where: { $0.name == name }), ![.date, .datetime].contains(field.type) {
      reader.wrongValue(node, expected("date 或 datetime 类型的字段", "a field of type date or datetime"))
    }
    return name
  }

  private func readRows(_ section: Section, _ schema: Schema, into source: inout SourceDefinition) {
    source.fillDown = section["fill-down"].map { reader.fieldNames($0, in: schema) } ?? []
    source.continuation = section["continue-when-blank"].map { reader.fieldNames($0, in: schema) } ?? []
    source.primaryKey = section["primary-key"].map { reader.fieldNames($0, in: schema) } ?? schema.primaryKey
    if let node = section["continue-when-blank"] {
      for item in reader.items(node) where source.fillDown.contains(item.written) {
        reader.wrongValue(item, expected("不在 fill-down 中的字段", "a field that is not in fill-down"))
      }
    }
    if let node = section["only"] {
      _ = Section(node, reader) { entry in
        if schema.fields.contains(where: { $0.name == entry.key }) {
          source.only.append((entry.key, reader.texts(entry.value)))
        } else if schema.isWhole {
          reader.unknown(.pipelineUnknownName, entry.key, at: entry.keyPlace, among: schema.fields.map(\.name))
        }
      }
    }
    if let node = section["duplicates"], let policy = duplicates(node, schema) { source.duplicates = policy }
  }

  private func duplicates(_ node: YAMLNode, _ schema: Schema) -> DuplicatePolicy? {
    if case .text = node.content {
      return reader.word(node, among: ["first", "latest", "reject"]).map {
        $0 == "first" ? .first : $0 == "reject" ? .reject : .latest(by: nil)
      }
    }
    guard let section = Section(node, keys: ["latest-by"], reader), let field = section.required("latest-by") else {
      return nil
    }
    return reader.fieldName(field, in: schema).map { .latest(by: $0) }
  }
}

extension NodeReader {
  /// A field, or `{value: CODE}`.
  func fieldOrConstant(_ node: YAMLNode, in schema: Schema) -> ValueReference? {
    if case .text = node.content { return fieldName(node, in: schema).map { .field($0) } }
    return constant(node).map { .constant($0) }
  }

  func constant(_ node: YAMLNode) -> String? {
    guard let section = Section(node, keys: ["value"], self) else { return nil }
    return section.required("value").flatMap(text)
  }

  func character(_ node: YAMLNode) -> String? {
    guard let text = text(node) else { return nil }
    if text.unicodeScalars.count == 1, text != "\n", text != "\r" { return text }
    wrongValue(node, expected("一个字符", "one character"))
    return nil
  }

  /// A known encoding by any of its usual spellings, as it was written.
  func encoding(_ node: YAMLNode) -> String? {
    guard let text = text(node) else { return nil }
    let bare = text.lowercased().filter { $0 != "-" && $0 != "_" }
    if encodings.contains(where: { $0.filter { $0 != "-" && $0 != "_" } == bare }) { return text }
    unknown(.pipelineUnknownName, text, at: node.place, among: encodings)
    return nil
  }
}

private let encodings: [String] =
  [
    "utf-8", "gb18030", "gbk", "gb2312", "utf-16le", "utf-16be", "utf-16", "big5", "windows-1252", "iso-8859-1",
    "latin1",
  ]
  + ["utf-32", "utf-32le", "utf-32be", "ascii", "us-ascii", "cp936", "cp950", "cp1252", "big5-hkscs", "hz-gb-2312"]
  + ["shift_jis", "euc-jp", "iso-2022-jp", "euc-kr", "cp949", "koi8-r", "koi8-u", "macintosh", "windows-874"]
  + (1250...1258).map { "windows-\($0)" } + (2...16).map { "iso-8859-\($0)" }
