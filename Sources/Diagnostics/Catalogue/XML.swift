// Read, XML.
extension Catalogue {
  static let xml: [Rule] = [
    .xmlDoctype, .compressedInput, .xmlNotWellFormed, .xmlLimit, .xmlNoRecords, .xmlSalvaged, .elementRepeated,
    .xmlUnmapped, .xmlUndeclaredPrefix, .xmlUnknownPrefix, .xmlEncoding, .xmlPath, .xmlInvalid, .xmlSchemaUnusable,
  ]
}

extension Rule {
  package static let xmlDoctype = Rule(
    "xml-doctype-forbidden", title: ("文件含有 DOCTYPE", "the file has a DOCTYPE"),
    expected: ("没有 DOCTYPE 和实体声明的 XML", "XML without a DOCTYPE or entity declarations"),
    fix: ("从原系统重新导出，或删去 DOCTYPE", "Export it again, or remove the DOCTYPE"))
  package static let compressedInput = Rule(
    "compressed-input", title: ("不读这种压缩格式", "the file is compressed in a form that is not read"),
    expected: (".gz、.zip 或未压缩的文件（这是 {0}）", "a .gz or .zip file, or one that is not compressed (this is {0})"),
    fix: ("解压后放进收件夹，或改用 zip 压缩", "Unpack it into the inbox, or compress it as .zip"))
  package static let xmlNotWellFormed = Rule(
    "xml-not-well-formed", title: ("XML 在此处有语法错误", "the XML is broken here"),
    expected: ("合乎格式的 XML（{0}）", "well-formed XML ({0})"),
    fix: ("从原系统重新导出；要保留断点以前的记录，设 salvage: true", "Export it again; `salvage: true` keeps the records before this place")
  )
  package static let xmlLimit = Rule(
    "xml-limit", title: ("XML 超出读取上限", "the XML exceeds a limit"), expected: ("{0}不超过 {1}", "{0}: at most {1}"),
    fix: ("检查文件是否损坏；正常的问卷到不了这个数", "Look whether the file is damaged: no questionnaire comes near this"))
  package static let xmlNoRecords = Rule(
    "xml-no-records", .warning, title: ("文件里没有记录", "the file has no records"),
    expected: ("位于 {0} 的元素；见到的有：{1}", "elements at {0}; there are: {1}"), fix: ("检查 record", "Check `record`"))
  package static let xmlSalvaged = Rule(
    "xml-salvaged", .warning,
    title: ("文件中断，只保留了断点以前的记录", "the file breaks off; only the records before that place are kept"),
    expected: ("完整的文件；已保留 {0} 条", "a complete file; {0} records are kept"),
    fix: ("请该组重新上报", "Ask the team to hand it in again"))
  package static let elementRepeated = Rule(
    "element-repeated", title: ("记录里同一元素出现多次", "an element occurs several times in one record"),
    expected: ("{0} 只出现一次", "{0} once"),
    fix: (
      "改正记录；若本来就可重复，用 findings 的 each 或路径 {0}[1]", "Correct the record; if it may repeat, use `each` or the path {0}[1]"
    ))
  package static let xmlUnmapped = Rule(
    "xml-unmapped", .note, title: ("有些元素或属性没有对应的字段，未读取", "elements or attributes that no field reads"),
    expected: ("要用的元素各有一个字段；未读取的路径 {0} 个", "a field for each that matters; paths not read: {0}"))
  package static let xmlUndeclaredPrefix = Rule(
    "xml-undeclared-prefix", .note, title: ("前缀没有声明命名空间", "a prefix has no namespace"),
    expected: ("xmlns:{0} 声明；已按本地名读取", "a declaration xmlns:{0}; read by the name after the colon"))
  package static let xmlUnknownPrefix = Rule(
    "xml-unknown-prefix", title: ("前缀没有声明命名空间", "a prefix that is not declared"),
    expected: ("xmlns:{0} 声明", "a declaration xmlns:{0}"),
    fix: (
      "从原系统重新导出；或在数据源的 namespaces 中写明该前缀", "Export it again, or name the prefix under `namespaces` of the source"
    ))
  package static let xmlEncoding = Rule(
    "xml-encoding", title: ("XML 声明的编码与文件不符", "the XML declaration names an encoding that the file is not in"),
    expected: ("声明与实际编码一致；从字节看是 {0}", "a declaration that fits the bytes, which look like {0}"),
    fix: ("从原系统重新导出", "Export it again"))
  package static let xmlInvalid = Rule(
    "xml-invalid", title: ("不符合 XML 校验模式", "not as the XML schema demands"),
    expected: ("符合 {0}（{1}）", "what {0} allows ({1})"),
    fix: ("按表单改正，或请该组重新上报", "Correct it by the form, or ask the team to hand it in again"))
  package static let xmlSchemaUnusable = Rule(
    "xml-schema-unusable", title: ("XSD 或 RELAX NG 模式不能用", "an XSD or RELAX NG schema that cannot be used"),
    expected: ("可用的模式（{0}）", "a schema that works ({0})"),
    fix: ("改正该模式文件", "Correct the schema file"))
  package static let xmlPath = Rule(
    "xml-path", title: ("路径写法不对", "a path that cannot be read"), expected: ("{0}", "{0}"),
    fix: (
      "写法如 unit/@code、answers/q1、.、child[2]/name、../name",
      "Write it like unit/@code, answers/q1, ., child[2]/name or ../name"
    ))
}
