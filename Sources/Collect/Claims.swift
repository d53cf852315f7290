package import Campaign
package import Diagnostics

/// Which source reads which file.
package struct Claims: Sendable {
  /// Per source of the pipeline: its files, in the order of the inbox.
  package var files: [[InboxFile]]
  package var notes: [Diagnostic]

  /// A file that several sources match belongs to the one whose pattern has the longest literal beginning, then to the first.
  package init(_ files: [InboxFile], sources: [SourceDefinition]) {
    let patterns = sources.map { $0.files.map { GlobPattern(String($0.dropFirst(Self.inboxPrefix.count))) } }
    self.files = [[InboxFile]](repeating: [], count: sources.count)
    notes = []
    for file in files {
      var best: (source: Int, specificity: Int)?
      for (source, patterns) in patterns.enumerated() {
        for pattern in patterns where pattern.matches(file.path) {
          if pattern.literalPrefix > best?.specificity ?? -1 { best = (source, pattern.literalPrefix) }
        }
      }
      if let best {
        self.files[best.source].append(file)
      } else {
        notes.append(Diagnostic(.fileUnclaimed, at: SourceLocation(file: file.shown)))
      }
    }
    for (source, definition) in sources.enumerated() where self.files[source].isEmpty {
      notes.append(
        Diagnostic(
          .sourceWithoutFiles, at: SourceLocation(file: definition.name),
          [.literal(definition.files.joined(separator: ", "))]))
    }
  }

  /// Patterns are written from the campaign's folder; this part stands for the inbox, wherever it is.
  package static let inboxPrefix = "inbox/"
}
