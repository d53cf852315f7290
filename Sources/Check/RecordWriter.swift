import Bytes
import Records

/// The columns that each accepted record and each finding of it are written to, until their chunk is finished.
struct RecordWriter: ~Copyable {
  var line = ColumnBuffer<UInt32>(filler: 0)
  var number = ColumnBuffer<UInt32>(filler: 0)
  var key = ColumnBuffer(filler: RecordColumns.noValue)
  var unit = ColumnBuffer(filler: WordNumber.none)
  var team = ColumnBuffer(filler: WordNumber.none)
  var method = ColumnBuffer(filler: WordNumber.none)
  var mode = ColumnBuffer(filler: WordNumber.none)
  var day = ColumnBuffer(filler: RecordColumns.noDay)
  var findings = ColumnBuffer<UInt32>(filler: 0)
  var kind = ColumnBuffer<UInt8>(filler: 0)
  var category = ColumnBuffer(filler: WordNumber.none)
  var severity = ColumnBuffer<UInt8>(filler: 0)
  var findingLine = ColumnBuffer<UInt32>(filler: 0)

  /// Records so far.
  var count: Int { line.count }

  /// Moves the columns into their chunk.
  mutating func finish(_ chunk: inout ChunkDraft) {
    chunk.records.line = line.take()
    chunk.records.number = number.take()
    chunk.records.key = key.take()
    chunk.records.unit = unit.take()
    chunk.records.team = team.take()
    chunk.records.method = method.take()
    chunk.records.mode = mode.take()
    chunk.records.day = day.take()
    chunk.records.findings = findings.take()
    chunk.findings.kind = kind.take()
    chunk.findings.category = category.take()
    chunk.findings.severity = severity.take()
    chunk.findings.line = findingLine.take()
  }
}
