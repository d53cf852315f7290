package import Campaign
package import Diagnostics

/// Which source reads which file.
package struct Claims: Sendable {
  /// Per source of the pipeline: its files, in the order of the inbox.
  package var files: [[InboxFile]]
  package var notes: [Diagnostic]

  /// A file that several sources match belongs to the one whose pattern has the longest literal beginning, then to the first.
  ///
  /// - Parameter archive: the archive in which a file stands; a source that names the archive reads what is in it.
  package init(
    _ files: [InboxFile], sources: [SourceDefinition], archive: (InboxFile) -> InboxFile? = { _ in nil }
  ) {
    let patterns = SourcePatterns(sources)
    self.files = [[InboxFile]](repeating: [], count: sources.count)
    notes = []
    for file in files {
      let best = patterns.source(of: file) ?? archive(file).flatMap { mayBeTable(file) ? patterns.source(of: $0) : nil }
      if let best {
        self.files[best].append(file)
      } else {
        notes.append(Diagnostic(.fileUnclaimed, at: SourceLocation(file: file.shown)))
      }
    }
    let files = self.files
    notes += Self.notes(ofSourcesWithoutFiles: sources) { !files[$0].isEmpty }
  }

  package static func notes(
    ofSourcesWithoutFiles sources: [SourceDefinition], hasFiles: (_ source: Int) -> Bool
  ) -> [Diagnostic] {
    sources.indices.filter { !hasFiles($0) }.map { source in
      Diagnostic(
        .sourceWithoutFiles, at: SourceLocation(file: sources[source].name),
        [.literal(sources[source].files.joined(separator: ", "))])
    }
  }

  /// Patterns are written from the campaign's folder; this part stands for the inbox, wherever it is.
  package static let inboxPrefix = "inbox/"
}

/// The file patterns of all sources.
package struct SourcePatterns: Sendable {
  private let patterns: [[GlobPattern]]

  package init(_ sources: [SourceDefinition]) {
    patterns = sources.map { $0.files.map { GlobPattern(String($0.dropFirst(Claims.inboxPrefix.count))) } }
  }

  /// The source that reads `file`; `ledger.csv.gz` is also `ledger.csv`.
  package func source(of file: InboxFile) -> Int? {
    if let source = source(file.folders, file.name) { return source }
    let name = file.name
    guard name.count > 3 else { return nil }
    guard name.suffix(3).map({ $0 | 0x20 }) == Array(".gz".utf8).map({ $0 | 0x20 }) else { return nil }
    return source(file.folders, name.dropLast(3))
  }

  private func source(_ folders: [[UInt8]], _ name: [UInt8]) -> Int? {
    var best: (source: Int, specificity: Int)?
    for (source, patterns) in patterns.enumerated() {
      for pattern in patterns where pattern.matches(folders, name) {
        if pattern.literalPrefix > best?.specificity ?? -1 { best = (source, pattern.literalPrefix) }
      }
    }
    return best?.source
  }
}

/// Whether the name of a member is that of a table, and not of a photograph that was packed with it.
private func mayBeTable(_ file: InboxFile) -> Bool {
  let name = file.shown.lowercased()
  return [".csv", ".tsv", ".txt", ".xml", ".xlsx", ".xlsm"].contains { name.hasSuffix($0) }
}
