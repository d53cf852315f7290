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
    rows = zip(writers, texts).map { writer, text in (text == nil ? nil : writer.table.added) ?? writer.table.rows }
    parts = rows.enumerated().flatMap { table, rows in (0..<rows.partCount).map { Part(table: table, part: $0) } }
  }

  func write(to folder: inout OutputFolder) async throws(WriteError) {
    do {
      try await withThrowingTaskGroup(of: MadePart.self) { group in
        var stream = Stream()
        for table in writers.indices { try await write(table, to: &folder, &stream, &group) }
      }
    } catch { throw .rows(error, of: writers.first?.table.name ?? "") }
  }

  private struct MadePart: Sendable {
    var place: Int
    var texts: Result<TextTableWriter.Texts, any Error>
  }

  /// Parts that are made and wait for those before them.
  private struct Stream {
    var waiting: [Int: MadePart] = [:]
    var begun = 0
    var taken = 0
  }

  private func write(
    _ table: Int, to folder: inout OutputFolder, _ stream: inout Stream,
    _ group: inout ThrowingTaskGroup<MadePart, any Error>
  ) async throws(WriteError) {
    let writer = writers[table]
    var files = try writer.open(&folder)
    var isContinued = false
    if let published = published[table] { isContinued = try published.copy(to: &files, writer) }
    if !isContinued { writer.begin(&files) }
    if width == 1 || published[table] != nil && !isContinued {
      // One part after another, and never more than a block of them in memory.
      try writer.write(isContinued || published[table] == nil ? rows[table] : writer.table.rows, to: &files)
      if width > 1 { for _ in 0..<rows[table].partCount { _ = try await next(of: table, &stream, &group) } }
    } else {
      for _ in 0..<rows[table].partCount { try files.append(try await next(of: table, &stream, &group)) }
    }
    try files.close()
  }

  /// Few parts are made ahead, so that memory stays bounded.
  private func next(
    of table: Int, _ stream: inout Stream, _ group: inout ThrowingTaskGroup<MadePart, any Error>
  ) async throws(WriteError) -> TextTableWriter.Texts {
    while stream.begun < parts.count, stream.begun - stream.taken < 3 * width {
      let (place, part) = (stream.begun, parts[stream.begun])
      let (writer, rows) = (writers[part.table], rows[part.table])
      group.addTask {
        MadePart(place: place, texts: Result { try writer.texts(ofPart: part.part, of: rows) })
      }
      stream.begun += 1
    }
    do {
      while stream.waiting[stream.taken] == nil, let made = try await group.next() { stream.waiting[made.place] = made }
      guard let made = stream.waiting.removeValue(forKey: stream.taken) else { throw CancellationError() }
      stream.taken += 1
      return try made.texts.get()
    } catch { throw .rows(error, of: writers[table].table.name) }
  }
}
