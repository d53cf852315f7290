package import Campaign
package import Diagnostics

/// A reference table as the reader of delimited files found it.
package struct ReferenceRows: Sendable {
  package struct Row: Sendable {
    /// Physical line on which it begins, from 1.
    package var line: Int
    package var cells: [String]
    package init(line: Int, cells: [String]) {
      self.line = line
      self.cells = cells
    }
  }
  package var headers: [String]
  package var headerLine: Int
  package var rows: [Row]
  package init(headers: [String], headerLine: Int = 1, rows: [Row]) {
    self.headers = headers
    self.headerLine = headerLine
    self.rows = rows
  }
}

/// Roster and code lists of a campaign, and what is wrong with their files.
package struct LoadedReferences: Sendable {
  package var roster = Roster()
  /// In the order of the pipeline file.
  package var codeLists: [CodeList] = []
  /// By file and line. With an error among them roster and lists are not complete.
  package var diagnostics: [Diagnostic] = []
}

package enum ReferenceLoader {
  /// - Parameter read: the rows of a table, given by its path relative to the campaign's folder; throws a `ReadError` when
  ///   the file is missing or no table.
  package static func load(
    _ definition: CampaignDefinition, read: (String) throws -> ReferenceRows
  ) -> LoadedReferences {
    LoadedReferences()
  }
}
