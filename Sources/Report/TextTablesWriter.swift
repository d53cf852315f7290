import Tables

/// Tables as CSV and JSON files: the parts of all of them are made side by side, and written in their order.
struct TextTablesWriter {
  private struct Part: Sendable {
    var table: Int
    var part: Int
  }
  private let writers: [TextTableWriter]
  /// Of each table where its first rows stand already, if they do.
  private let published: [PublishedText?]
  private let rows: [any RowSource]
  private let parts: [Part]
  private let width: Int

  init(_ writers: [TextTableWriter], width: Int, published: [String: PublishedText]) {
    self.writers = writers
    self.width = width
    let texts = writers.map { writer in
      writer.table.added == nil ? nil : published[writer.table.name].flatMap { $0.stands(in: writer) ? $0 : nil }
    }
    self.published = texts
    let used = Set(zip(writers, texts).compactMap { writer, text in text == nil ? nil : writer.table.name })
    for (table, text) in published where !used.contains(table) { text.letGoOfCopies() }
    rows = zip(writers, texts).map { writer, text in (text == nil ? nil : writer.table.added) ?? writer.table.rows }
    parts = rows.enumerated().flatMap { table, rows in (0..<rows.partCount).map { Part(table: table, part: $0) } }
  }

  func write(to folder: inout OutputFolder) async throws(WriteError) {
    do {
      try await withThrowingTaskGroup(of: (Int, Made).self) { group in
        var stream = PartsInOrder<Made>(count: parts.count, ahead: 3 * width)
        for table in writers.indices { try await write(table, to: &folder, &stream, &group) }
      }
    } catch { throw .rows(error, of: writers.first?.table.name ?? "") }
  }

  private typealias Made = Result<TextTableWriter.Texts, any Error>

  private func write(
    _ table: Int, to folder: inout OutputFolder, _ stream: inout PartsInOrder<Made>,
    _ group: inout PartsInOrder<Made>.Tasks
  ) async throws(WriteError) {
    let writer = writers[table]
    var begun = try published[table]?.begin(writer, in: &folder)
    let isContinued = begun != nil
    if !isContinued { published[table]?.letGoOfCopies() }
    var files = if let begun = begun.take() { begun } else { try writer.begin(in: &folder) }
    if width == 1 || published[table] != nil && !isContinued {
      // One part after another, and never more than a block of them in memory.
      try writer.write(isContinued || published[table] == nil ? rows[table] : writer.table.rows, to: &files)
      if width > 1 { for _ in 0..<rows[table].partCount { _ = try await next(of: table, &stream, &group) } }
    } else {
      for _ in 0..<rows[table].partCount { try files.append(try await next(of: table, &stream, &group)) }
    }
    try files.close()
  }

  private func next(
    of table: Int, _ stream: inout PartsInOrder<Made>, _ group: inout PartsInOrder<Made>.Tasks
  ) async throws(WriteError) -> TextTableWriter.Texts {
    do {
      return try await stream.next(by: &group) { [writers, rows, parts] place in
        let part = parts[place]
        return Result { try writers[part.table].texts(ofPart: part.part, of: rows[part.table]) }
      }.get()
    } catch { throw .rows(error, of: writers[table].table.name) }
  }
}
