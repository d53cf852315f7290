// Check: cells, records, findings. Ids follow the Frictionless taxonomy of errors where it has the notion.
extension Catalogue {
  static let checking: [Rule] = [
    .missingCell, .extraCell, .typeError, .constraint, .primaryKey, .foreignKey, .codeUnknown, .codeNotValid,
    .unitMissing, .unitUnknown,
    .decisionUnused, .unitAmbiguous, .unitMismatch, .regionUnknown, .regionMismatch, .teamUnknown, .visitOutsideWindow,
    .findingWithoutKind, .findingWithoutText, .severityOutOfRange, .recordExcluded,
  ]
}

extension Rule {
  package static let missingCell = Rule(
    "missing-cell", title: ("单元格不足", "too few cells"), expected: ("{0} 个单元格", "{0} cells"),
    fix: ("补齐空列的分隔符", "Put in the separators of the empty columns"))
  package static let extraCell = Rule(
    "extra-cell", title: ("单元格过多", "too many cells"), expected: ("{0} 个单元格", "{0} cells"),
    fix: ("含分隔符的内容请加引号", "Quote text that holds a separator"))
  package static let typeError = Rule(
    "type-error", title: ("填写内容的类型不对", "a value of the wrong type"), expected: ("{0}", "{0}"))
  package static let constraint = Rule(
    "constraint-error", title: ("填写内容不符合要求", "a value that is not allowed here"), expected: ("{0}", "{0}"))
  package static let primaryKey = Rule(
    "primary-key", title: ("编号（主键）为空或重复", "the primary key is blank or taken"), expected: ("{0}", "{0}"),
    fix: ("填写唯一的编号，以便识别重复和更正", "Give a key of its own, by which duplicates and corrections are told"))
  package static let foreignKey = Rule(
    "foreign-key", title: ("所指的内容不存在", "a reference to nothing"),
    expected: ("{0} 中已有的 {1}", "a {1} that {0} has"),
    fix: ("更正此值，或补上所指的记录", "Correct the value, or hand in the record that it names"))
  package static let codeUnknown = Rule(
    "code-unknown", title: ("不在代码表中", "not in the code list"),
    expected: ("代码表 {0} 中的代码、名称或别名", "a code, label or alias of the list {0}"),
    fix: ("更正，或在代码表中补充别名", "Correct it, or add an alias to the code list"))
  package static let codeNotValid = Rule(
    "code-not-valid", title: ("该代码在当日无效", "a code that was not valid on that day"), expected: ("{0}", "{0}"),
    fix: ("改用当日有效的代码", "Give the code that was valid then"))
  package static let unitMissing = Rule(
    "unit-missing", title: ("未注明单位", "no unit is named"), expected: ("单位代码或名称", "the code or name of a unit"))
  package static let unitUnknown = Rule(
    "unit-unknown", title: ("名册中没有该单位", "the unit is not in the roster"),
    expected: ("名册中的代码、名称或别名{0}", "a code, name or alias of the roster{0}"),
    fix: (
      "更正，或在名册中补充别名，或在 roster.decisions 中写明它是哪个单位",
      "Correct it, or add an alias to the roster, or say in roster.decisions which unit it is"
    ))
  package static let decisionUnused = Rule(
    "decision-unused", .note, title: ("此决定没有用到", "a decision that was not used"),
    expected: ("各组写过的写法", "a text that some record has"), fix: ("可以删去，或检查写法", "Delete it, or check the text"))
  package static let unitAmbiguous = Rule(
    "unit-ambiguous", title: ("多个单位同名", "several units have this name"),
    expected: ("单位代码，或唯一的名称", "the unit's code, or a name of its own"),
    fix: ("改填单位代码", "Give the unit's code"))
  package static let unitMismatch = Rule(
    "unit-mismatch", title: ("代码与名称不是同一单位", "the code is that of one unit and the name that of another"),
    expected: ("{0}", "{0}"))
  package static let regionUnknown = Rule(
    "region-unknown", title: ("没有该地区", "the region is not known"),
    expected: ("地区表中的代码或名称", "a code or name of the regions"))
  package static let regionMismatch = Rule(
    "region-mismatch", title: ("地区与单位不符", "the region is not that of the unit"), expected: ("{0}", "{0}"))
  package static let teamUnknown = Rule(
    "team-unknown", title: ("没有该督查组", "the team is not known"),
    expected: ("督查组名单中的代码、名称或别名", "a code, name or alias of the teams"))
  package static let visitOutsideWindow = Rule(
    "visit-outside-window", title: ("日期不在督查期内", "the date is outside the campaign"),
    expected: ("{0} 至 {1}", "{0} to {1}"))
  package static let findingWithoutKind = Rule(
    "finding-without-kind", title: ("未注明是亮点、问题还是建议", "a finding without a kind"),
    expected: ("亮点、问题或建议", "highlight, problem or suggestion"))
  package static let findingWithoutText = Rule(
    "finding-without-text", title: ("该条发现没有文字内容", "a finding without a text"), expected: ("文字说明", "a description"))
  package static let severityOutOfRange = Rule(
    "severity-out-of-range", title: ("严重程度超出范围", "a severity out of range"), expected: ("1 至 255", "1 to 255"))
  package static let recordExcluded = Rule(
    "record-excluded", .note, title: ("不在范围内", "left out on purpose"), expected: ("{0}", "{0}"))
}
