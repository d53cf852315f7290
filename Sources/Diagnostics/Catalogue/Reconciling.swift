// Reconcile.
extension Catalogue {
  static let reconciling: [Rule] = [.uniqueError]
}

extension Rule {
  package static let uniqueError = Rule(
    "unique-error", title: ("与另一条记录的内容重复", "a value that another record has too"),
    expected: ("唯一的值（{0} 已有）", "a value of its own ({0} has it)"),
    fix: ("更正其中一条，或把该字段设为主键", "Correct one of the two, or make the field the primary key"))
}
