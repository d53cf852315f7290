import Campaign
import Diagnostics

/// `fieldsMatch` of a schema: what a file's columns must have in common with the fields. Where it is not given, differences
/// are warnings and columns are read by their headers.
///
/// - Parameter columns: headers as they stand in the file, and the field that is read from each.
/// - Throws: the first difference that the schema does not allow; nothing of the file counts.
func refuseColumns(
  _ columns: [(header: String, field: String?)], of source: SourceDefinition, file: String
) throws(ReadError) {
  guard let match = source.fieldsMatch else { return }
  func fault(_ rule: Rule, found: String = "", field: String? = nil, _ arguments: [Argument] = []) -> ReadError {
    ReadError(
      Diagnostic(rule, severity: .error, at: SourceLocation(file: file, field: field), found: found, arguments))
  }
  let read = columns.compactMap(\.field)
  if match == .partial {
    // A file without any of the fields has no header at all, and was refused before.
    return
  }
  if match != .superset, let field = source.fields.first(where: { !read.contains($0.name) && $0.contains == nil }) {
    throw fault(.missingLabel, field: field.name, [.word(field.title)])
  }
  if match != .subset, let column = columns.firstIndex(where: { $0.field == nil }) {
    let header = columns[column].header
    throw header.isEmpty
      ? fault(.blankLabel, [.literal(String(column + 1))]) : fault(.extraLabel, found: header)
  }
  guard match == .exact else { return }
  let places = read.compactMap { name in source.fields.firstIndex { $0.name == name } }
  if places != places.sorted() { throw fault(.incorrectLabel, found: columns.map(\.header).joined(separator: ", ")) }
}
