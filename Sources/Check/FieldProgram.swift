import Bytes
import Campaign
import Diagnostics
import Values

/// A field, compiled: trim → rewrite → blank? → parse → constrain. Shared by all tasks; what changes while it runs is in the
/// `Workspace` of the task.
///
/// A class, so that a cell's look at it costs one retain: as a struct of a dozen references it was copied for every cell, and
/// that copying was a third of the whole run.
final class FieldProgram: Sendable {
  enum Reader: Sendable {
    case text
    case integer(Shared<NumberReader>)
    case number(Shared<NumberReader>)
    case boolean(Shared<BooleanReader>)
    case date(Shared<DateReader>)
    case instant(TimestampReader)
    case time(Shared<TimeReader>)
    case year(Shared<YearReader>)
    case code(Shared<CodeList>)
    case structured(Shared<StructuredReader>)
    case identifier(Shared<IdentifierReader>)
  }

  /// A reader that is used in place: taken out of an enum as a struct it would be copied for every cell.
  final class Shared<Value: Sendable>: Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
  }

  /// The shortest way to the value of a cell.
  enum Lane: UInt8, BitwiseCopyable {
    /// Nothing is asked of the text: it stays as it is.
    case plain
    /// The same when its white space is single spaces.
    case spaced
    /// It is looked up whether such a cell was read before (`KnownCells`).
    case known
    /// The program must run.
    case program
  }

  let field: Field
  let reader: Reader
  /// Of instants. Held beside `reader`, out of which it would be taken, and counted by all tasks, for each cell.
  private let instants: InPlace<TimestampReader>?
  let limits: FieldLimits
  let rewriter: FieldRewriter?
  private let rewriterInPlace: InPlace<FieldRewriter>?
  /// Words for "no value", beside the empty cell.
  private let missing: ByteTable
  private let hasMissing: Bool

  /// - Throws: a diagnostic at the place of the descriptor when its format, bounds or patterns cannot be used.
  init(_ field: Field, codeLists: [CodeList], window: ClosedRange<Day>?) throws(ReadError) {
    self.field = field
    var words = ByteTable()
    for (place, kind) in field.blankKinds.enumerated() {
      for word in kind.words { words.insert(word, Int32(BlankForm.declared + place)) }
    }
    for word in field.missingValues where !word.isEmpty { words.insert(word, Int32(BlankForm.written)) }
    missing = words
    hasMissing = words.count > 0
    do {
      let reader = try Self.reader(of: field, codeLists: codeLists, window: window)
      self.reader = reader
      instants = if case .instant(let instants) = reader { InPlace(instants) } else { nil }
      limits = try FieldLimits(field, reader: reader)
      rewriter = try FieldRewriter(field)
      rewriterInPlace = rewriter.map { InPlace($0) }
    } catch let error as FormatError {
      throw Self.fault(error.message, of: field)
    } catch let error as PatternError {
      throw Self.fault(error.message, of: field)
    } catch {
      throw Self.fault(LocalizedText("\(error)"), of: field)
    }
  }

  /// Without the help of what was read before.
  var lane: Lane {
    guard case .text = reader, limits.isEmpty, !hasMissing else { return .program }
    guard let rewriter else { return .plain }
    return rewriter.onlySpaces ? .spaced : .program
  }

  private static func fault(_ message: LocalizedText, of field: Field) -> ReadError {
    ReadError(Diagnostic(.pipelineWrongValue, at: field.location, found: field.name, [.word(message), .literal("")]))
  }

  private static func reader(
    of field: Field, codeLists: [CodeList], window: ClosedRange<Day>?
  ) throws -> Reader {
    if let name = field.codeList {
      guard let list = codeLists.first(where: { $0.name == name }) else {
        throw FormatError(zh: "已定义的代码表（没有 \(name)）", en: "a code list that is defined (\(name) is not)")
      }
      return .code(Shared(list))
    }
    if let kind = field.identifier { return .identifier(Shared(try IdentifierReader(kind, country: field.country))) }
    if let reader = try StructuredReader(field) { return .structured(Shared(reader)) }
    let normalizers = field.normalizers
    switch field.type {
    case .string, .any, .yearMonth, .duration, .object, .array, .list, .geoPoint, .geoJSON: return .text
    case .integer: return .integer(Shared(try NumberReader(field)))
    case .number: return .number(Shared(try NumberReader(field)))
    case .boolean: return .boolean(Shared(BooleanReader(field)))
    case .date: return .date(Shared(try DateReader(field, window: window)))
    case .datetime: return .instant(try TimestampReader(field, window: window))
    case .time: return .time(Shared(try TimeReader(format: field.format)))
    case .year: return .year(Shared(try YearReader(format: field.format, normalizers: normalizers)))
    }
  }

  /// Reads one cell.
  ///
  /// - Parameters:
  ///   - bytes: of the whole batch; `cell` is a range of it.
  ///   - mayBeBlank: whether a required field may be blank here (a row that continues a record).
  @inline(__always)
  func run(
    _ cell: Range<Int>, of bytes: Span<UInt8>, mayBeBlank: Bool, in workspace: inout Workspace
  ) throws(CellFault) -> CellValue {
    let whole = bytes.extracting(cell)
    let inner = trimmed(whole)
    if inner.isEmpty { return try blank(mayBeBlank, as: BlankForm.empty) }
    let text = whole.extracting(inner)
    if hasMissing, let form = missing.find(text) { return try blank(mayBeBlank, as: Int(form)) }
    if let rewriterInPlace, rewriterInPlace.use({ $0.mayRewrite(text) }), let rewriter {
      return try rewrite(text, by: rewriter, mayBeBlank: mayBeBlank, in: &workspace)
    }
    let start = cell.lowerBound + inner.lowerBound
    return try read(text, at: start..<start + inner.count, inArena: false, workspace)
  }

  private func blank(_ mayBeBlank: Bool, as form: Int) throws(CellFault) -> CellValue {
    if limits.isRequired && !mayBeBlank { throw CellFault.required }
    return CellValue(kind: .blank, bits: Int64(form))
  }

  private func rewrite(
    _ text: Span<UInt8>, by rewriter: FieldRewriter, mayBeBlank: Bool, in workspace: inout Workspace
  ) throws(CellFault) -> CellValue {
    if let option = rewriter.contains {
      return CellValue(kind: .boolean, bits: rewriter.parts(of: text).contains { Self.equal(text, $0, option) } ? 1 : 0)
    }
    let range = rewriter.rewrite(text, in: &workspace)
    if range.isEmpty { return try blank(mayBeBlank, as: BlankForm.empty) }
    let rewritten = workspace.arena.span.extracting(range)
    if hasMissing, let form = missing.find(rewritten) { return try blank(mayBeBlank, as: Int(form)) }
    return try read(rewritten, at: range, inArena: true, workspace)
  }

  private static func equal(_ text: Span<UInt8>, _ range: Range<Int>, _ word: [UInt8]) -> Bool {
    range.count == word.count && range.indices.allSatisfy { text[$0] == word[$0 - range.lowerBound] }
  }

  @inline(__always)
  private func read(
    _ text: Span<UInt8>, at range: Range<Int>, inArena: Bool, _ workspace: borrowing Workspace
  ) throws(CellFault) -> CellValue {
    let value: CellValue
    do throws(ValueError) {
      if let instants {
        let timestamp = try instants.use { (reader) throws(ValueError) in try reader.read(text) }
        value = CellValue(timestamp, at: range, inArena: inArena)
      } else {
        value = try parse(text, at: range, inArena: inArena)
      }
    } catch {
      throw CellFault(.typeError, [.word(error.expected)])
    }
    if case .code(let list) = reader, value.bits < 0 { throw CellFault(.codeUnknown, [.literal(list.value.name)]) }
    if limits.isEmpty { return value }
    try limits.check(value, text: text, workspace)
    return value
  }

  @inline(__always)
  private func parse(_ text: Span<UInt8>, at range: Range<Int>, inArena: Bool) throws(ValueError) -> CellValue {
    switch reader {
    case .code(let list): return CellValue(kind: .code, bits: list.value.table.find(text).map(Int64.init) ?? -1)
    case .text: return CellValue(text: range, inArena: inArena)
    case .integer(let reader): return CellValue(kind: .integer, bits: try reader.value.readInteger(text))
    case .number(let reader):
      return CellValue(kind: .number, bits: Int64(bitPattern: try reader.value.readNumber(text).bitPattern))
    case .boolean(let reader): return CellValue(kind: .boolean, bits: try reader.value.read(text) ? 1 : 0)
    case .date(let reader): return CellValue(kind: .day, bits: Int64(try reader.value.read(text).number))
    case .instant(let reader): return CellValue(try reader.read(text), at: range, inArena: inArena)
    case .time(let reader):
      return CellValue(text: range, inArena: inArena, bits: Int64(try reader.value.read(text).seconds))
    case .year(let reader): return CellValue(kind: .integer, bits: Int64(try reader.value.read(text)))
    case .identifier(let reader):
      // What is kept is what is written.
      _ = try reader.value.read(text)
      return CellValue(text: range, inArena: inArena)
    case .structured(let reader): return CellValue(text: range, inArena: inArena, bits: try reader.value.read(text))
    }
  }
}

extension CellValue {
  @inline(__always)
  fileprivate init(_ timestamp: Timestamp, at range: Range<Int>, inArena: Bool) {
    self.init(text: range, inArena: inArena, bits: timestamp.instant)
    zone = timestamp.offsetMinutes
  }
}

extension Timestamp {
  /// Seconds since 1970, UTC where a zone is given: what two instants are compared by.
  var instant: Int64 { seconds }
}
