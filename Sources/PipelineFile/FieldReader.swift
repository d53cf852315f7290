import Campaign
import Diagnostics

/// Reads a field descriptor.
struct FieldReader {
  let reader: NodeReader
  let context: SchemaContext
  /// Those of the schema.
  let missingValues: [String]?

  private static let used = [
    "name", "title", "type", "format", "constraints", "missingValues", "trueValues", "falseValues", "decimalChar",
    "groupChar", "bareNumber", "categories", "delimiter", "itemType", "x-aliases", "x-path", "x-codelist",
    "x-normalize", "x-part",
    "x-separator", "x-contains", "x-extract", "x-replace", "x-kind", "x-country", "x-locale", "x-blanks",
  ]
  private static let passedOver = ["description", "example", "examples", "rdfType", "categoriesOrdered"]

  /// `nil` when it has no usable name or type; the other faults leave a field without what was wrong.
  func field(_ node: YAMLNode) -> Field? {
    let section = Section(node, reader) { entry in
      reader.checkStandardKey(entry, used: Self.used, notChecked: [], passedOver: Self.passedOver)
    }
    guard let section, let name = section.required("name").flatMap(reader.text) else { return nil }
    var field = Field(name: name, location: section.place)
    if let title = section["title"].flatMap(reader.title) { field.title = title }
    if let type = section["type"] {
      let words = FieldType.allCases.map(\.rawValue)
      guard let word = reader.word(type, among: words), let known = FieldType(rawValue: word) else { return nil }
      field.type = known
    }
    if let format = section["format"] { readFormat(format, into: &field) }
    readValues(section, into: &field)
    readNumbers(section, into: &field)
    readList(section, into: &field)
    readOurs(section, into: &field)
    readParts(section, into: &field)
    if let constraints = section["constraints"] {
      ConstraintsReader(reader: reader, context: context).read(constraints, into: &field)
    }
    readCategories(section, into: &field)
    return field
  }

  private func readFormat(_ node: YAMLNode, into field: inout Field) {
    guard var text = reader.text(node) else { return }
    // As patterns were written before version 1 of the standard.
    if text.hasPrefix("fmt:") { text = String(text.dropFirst(4)) }
    let words: [String]
    switch field.type {
    case .date, .datetime, .time:
      words = ["default", "any"]
      if text.contains("%") {
        field.format = text
        return
      }
    case .string: words = ["default", "email", "uri", "uuid", "binary"]
    case .geoPoint: words = ["default", "array", "object"]
    case .geoJSON: words = ["default", "topojson"]
    case .object, .array, .list, .duration: words = ["default"]
    default: words = ["default", "any"]
    }
    guard !words.contains(text) else {
      field.format = text
      return
    }
    let list = words.joined(separator: ", ")
    let isTime = [.date, .datetime, .time].contains(field.type)
    reader.wrongValue(
      node, expected(list + (isTime ? " 或 strptime 格式（%Y-%m-%d）" : ""), list + (isTime ? " or a strptime pattern" : ""))
    )
  }

  private func readValues(_ section: Section, into field: inout Field) {
    if let own = section["missingValues"].flatMap(reader.labelledValues) ?? missingValues { field.missingValues = own }
    let isBoolean = field.type == .boolean
    if let node = only(section, "trueValues", when: isBoolean, "boolean") { field.trueValues = truths(node) }
    if let node = only(section, "falseValues", when: isBoolean, "boolean") {
      field.falseValues = truths(node)
      for item in reader.items(node) where field.trueValues.contains(item.written) {
        reader.wrongValue(item, expected("不在 trueValues 中的值", "a value that is not one of trueValues"))
      }
    }
  }

  private func truths(_ node: YAMLNode) -> [String] {
    guard let items = reader.list(node) else { return [] }
    if items.isEmpty { reader.wrongType(node, expected("至少一个值", "at least one value")) }
    return items.compactMap(reader.text)
  }

  private func readNumbers(_ section: Section, into field: inout Field) {
    let isNumber = field.type == .number
    let isNumeric = isNumber || field.type == .integer
    if let node = only(section, "decimalChar", when: isNumber, "number"), let text = reader.text(node) {
      field.decimalCharacter = text
      if text.unicodeScalars.count != 1 { reader.wrongValue(node, expected("一个字符", "one character")) }
    }
    if let node = only(section, "groupChar", when: isNumeric, "number, integer"), let text = reader.anyText(node) {
      field.groupCharacter = text
      if text.unicodeScalars.count > 1 { reader.wrongValue(node, expected("一个字符", "one character")) }
      if !text.isEmpty, text == field.decimalCharacter {
        reader.wrongValue(node, expected("与小数点不同的字符", "a character other than the decimal one"))
      }
    }
    if let node = only(section, "bareNumber", when: isNumeric, "number, integer"), let truth = reader.boolean(node) {
      field.isBareNumber = truth
    }
  }

  private func readList(_ section: Section, into field: inout Field) {
    let isList = field.type == .list
    if let node = only(section, "delimiter", when: isList, "list"), let text = reader.text(node) {
      field.delimiter = text
    }
    let words = ["string", "integer", "boolean", "number", "datetime", "date", "time"]
    if let node = only(section, "itemType", when: isList, "list"),
      let type = reader.word(node, among: words).flatMap(FieldType.init)
    {
      field.itemType = type
    }
  }

  private func readOurs(_ section: Section, into field: inout Field) {
    if let node = section["x-aliases"] { field.aliases = reader.texts(node) }
    if let node = section["x-path"] { field.path = reader.elementPath(node) }
    if let node = section["x-codelist"] { field.codeList = reader.codeList(node, among: context.codeLists) }
    if let node = section["x-normalize"] {
      let words = Normalizer.allCases.map(\.rawValue)
      for item in reader.items(node) {
        guard let word = reader.word(item, among: words), let normalizer = Normalizer(rawValue: word) else { continue }
        field.normalizers.append(normalizer)
        checkFit(of: normalizer, item, to: field.type)
      }
    }
    readIdentifier(section, into: &field)
    if let node = section["x-extract"], let pattern = reader.pattern(node, context.isPattern) {
      field.extract = pattern
    }
    if let list = section["x-replace"].flatMap(reader.list) {
      field.replacements = list.compactMap { item in
        guard let rule = Section(item, keys: ["pattern", "with"], reader),
          let pattern = rule.required("pattern").flatMap({ reader.pattern($0, context.isPattern) }),
          let with = rule.required("with").flatMap(reader.anyText)
        else { return nil }
        return Replacement(pattern: pattern, with: with)
      }
    }
  }

  private func readIdentifier(_ section: Section, into field: inout Field) {
    if let node = only(section, "x-kind", when: field.type == .string, "string") {
      field.identifier = reader.word(node, among: IdentifierKind.allCases.map(\.rawValue)).flatMap(IdentifierKind.init)
    }
    if let node = section["x-country"] {
      field.country = reader.text(node)
      if field.identifier != .phone {
        reader.wrongValue(node, expected("与 x-kind: phone 同用", "an x-kind: phone beside it"))
      }
    }
    let isDate = [.date, .datetime].contains(field.type)
    if let node = only(section, "x-locale", when: isDate, "date, datetime") {
      let words = DateLocale.allCases.map(\.rawValue)
      field.locales = reader.items(node).compactMap { reader.word($0, among: words).flatMap(DateLocale.init) }
    }
    if let node = section["x-blanks"] {
      _ = Section(node, reader) { entry in
        guard field.blankKinds.count < 100 else { return }
        field.blankKinds.append(BlankKind(name: entry.key, words: reader.texts(entry.value)))
      }
      let words = field.blankKinds.flatMap(\.words)
      if Set(words).count < words.count { reader.wrongValue(node, expected("每个词只写一次", "each word once")) }
    }
  }

  private func checkFit(of normalizer: Normalizer, _ node: YAMLNode, to type: FieldType) {
    let types: [FieldType]
    switch normalizer {
    case .width, .space, .noSpace, .lower, .upper, .nfkc: return
    case .chineseNumerals, .numberMarks: types = [.integer, .number, .year]
    case .fractions: types = [.number]
    case .excelSerial, .rocYear, .campaignYear, .dayFirst, .monthFirst: types = [.date, .datetime]
    case .yesNo: types = [.boolean]
    }
    let names = types.map(\.rawValue).joined(separator: ", ")
    if !types.contains(type) {
      reader.wrongValue(node, expected("\(names) 类型的字段才有", "a field of type \(names)"))
    } else if normalizer == .campaignYear, !context.hasWindow {
      reader.wrongValue(node, expected("campaign.window 给出年份", "a campaign.window that gives the year"))
    }
  }

  private func readParts(_ section: Section, into field: inout Field) {
    if let node = section["x-part"] { field.part = reader.integer(node, in: 1...10_000) }
    if let node = only(section, "x-contains", when: field.type == .boolean, "boolean") {
      field.contains = reader.text(node)
      if section["x-part"] != nil {
        reader.wrongValue(node, expected("x-part 与 x-contains 只写一个", "either x-part or x-contains"))
      }
    }
    if let node = section["x-separator"] {
      field.separator = reader.text(node)
      if section["x-part"] == nil, section["x-contains"] == nil {
        reader.wrongValue(node, expected("同时有 x-part 或 x-contains", "an x-part or x-contains beside it"))
      }
    }
  }

  /// v2 of the standard: the values that the field may have, as `enum` says them.
  private func readCategories(_ section: Section, into field: inout Field) {
    let fits = field.type == .string || field.type == .integer
    guard let node = only(section, "categories", when: fits, "string, integer"),
      let values = reader.labelledValues(node)
    else { return }
    if field.constraints.enumeration.isEmpty { field.constraints.enumeration = values }
  }

  /// The value of a key that only some types have.
  private func only(_ section: Section, _ key: String, when fits: Bool, _ types: String) -> YAMLNode? {
    guard let node = section[key] else { return nil }
    if fits { return node }
    reader.report(
      .pipelineWrongValue, at: section.keyPlace(key), found: key,
      [expected("\(types) 类型的字段才有此键", "this key only in a field of type \(types)"), .literal("")])
    return nil
  }
}
