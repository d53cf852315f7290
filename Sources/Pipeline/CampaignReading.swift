import Bytes
import Campaign
import Check
import Collect
import Delimited
import Diagnostics
import Encodings
import PipelineFile
import Report
import Synchronization
import Tally
import Values

/// What stands in a campaign's folder, on its way into memory. Nothing is asked of it that a run decides, so that the reading
/// may begin before the run.
struct CampaignReading: Sendable {
  let files: CampaignFiles
  private let folder: String
  private let task: Task<Content, Never>?

  struct Content: Sendable {
    let loaded: LoadedPipeline
    /// `nil` when the pipeline file is wrong.
    var references: LoadedReferences?
    var words: RosterWords?
    var decided: LoadedCorrections?
    /// The files to which foreign keys refer, by path.
    var tables: [String: KeyTable] = [:]
    var tableFaults: [Diagnostic] = []
  }

  /// - Parameter width: tasks at once; with one the folder is read when the content is asked for.
  private init(_ folder: String, width: Int) {
    let files = CampaignFiles(folder)
    self.files = files
    self.folder = folder
    task = width > 1 ? Task { await Self.read(folder, files, width: width) } : nil
  }

  func content() async -> Content {
    if let task { return await task.value }
    return await Self.read(folder, files, width: 1)
  }

  // MARK: before the run

  private static let expected = Mutex<CampaignReading?>(nil)

  /// Begins to read a folder that is nearly certain to be asked for.
  static func expect(_ folder: String) { expected.withLock { $0 = CampaignReading(folder, width: 2) } }

  /// The reading of a folder, from now on or from before.
  static func take(_ folder: String, width: Int) -> CampaignReading {
    let begun = expected.withLock { expected in
      defer { expected = nil }
      return expected
    }
    if let begun, begun.folder == folder, width > 1 { return begun }
    return CampaignReading(folder, width: width)
  }

  // MARK: reading

  private static func read(_ folder: String, _ files: CampaignFiles, width: Int) async -> Content {
    let loaded = PipelineLoader.load(
      folder: folder, tables: Tallier.tableNames, isPattern: faultOfPattern, notChecked: keywordsNotChecked
    ) { path in try files.bytes(String(path.dropFirst(folder.count).drop { $0 == "/" }), shown: path) }
    guard let definition = loaded.definition else { return Content(loaded: loaded) }
    // A roster may be large; the rest of the folder is read meanwhile.
    let rest = width > 1 ? Task { Rest(definition, files) } : nil
    let roster = ReferenceLoader.roster(definition) { path in try files.table(path) }
    let words = RosterWords(roster.roster)
    let faults = words.unitsMayClash ? roster.sharedWords() : []
    let others = if let rest { await rest.value } else { Rest(definition, files) }
    return Content(
      loaded: loaded, references: LoadedReferences(roster, shared: faults, others.codeLists), words: words,
      decided: others.decided,
      tables: others.tables, tableFaults: others.tableFaults)
  }

  /// All but the roster.
  private struct Rest: Sendable {
    let codeLists: LoadedCodeLists
    let decided: LoadedCorrections
    let tables: [String: KeyTable]
    let tableFaults: [Diagnostic]

    init(_ definition: CampaignDefinition, _ files: CampaignFiles) {
      codeLists = ReferenceLoader.codeLists(definition) { path in try files.table(path) }
      decided = CorrectionsLoader.load(definition) { path in try files.table(path).mapCells(withoutFormulaGuard) }
      var faults: [Diagnostic] = []
      tables = CampaignReading.keyTables(definition, files, &faults)
      tableFaults = faults
    }
  }

  /// The files to which foreign keys refer, by path.
  private static func keyTables(
    _ definition: CampaignDefinition, _ files: CampaignFiles, _ notes: inout [Diagnostic]
  ) -> [String: KeyTable] {
    var tables: [String: KeyTable] = [:]
    for key in definition.sources.flatMap(\.foreignKeys) {
      guard case .table(let path) = key.target, tables[path] == nil else { continue }
      do throws(ReadError) {
        let table = try files.table(path)
        tables[path] = KeyTable(headers: table.headers, rows: table.rows.map { table.strings(of: $0) })
      } catch {
        notes.append(error.diagnostic)
      }
    }
    return tables
  }

  private static func keywordsNotChecked(_ schema: String) -> [String] { (try? JSONSchema(schema))?.notChecked ?? [] }

  private static func faultOfPattern(_ text: String) -> String? {
    do {
      _ = try Pattern(text)
      return nil
    } catch {
      return error.message.en
    }
  }
}

/// The files that describe a campaign, each with its fingerprint from the first time that it is read.
final class CampaignFiles: Sendable {
  private let folder: String
  private struct State {
    var known: [String: String] = [:]
    /// Small files, of which the fingerprint is taken later: libcrypto takes its time for the first one, and is got ready by
    /// another task meanwhile.
    var waiting: [String: [UInt8]] = [:]
  }
  private let state = Mutex(State())

  init(_ folder: String) { self.folder = folder }

  /// By path.
  var fingerprints: [(path: String, sha256: String)] {
    takeFingerprints()
    return state.withLock { $0.known }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Of the files that were read so far.
  func takeFingerprints() {
    let waiting = state.withLock { state in
      defer { state.waiting = [:] }
      return state.waiting
    }
    for (path, bytes) in waiting {
      let fingerprint = sha256(of: bytes)
      state.withLock { $0.known[path] = fingerprint }
    }
  }

  /// - Parameter path: from the folder.
  func bytes(_ path: String, shown: String? = nil) throws(ReadError) -> [UInt8] {
    let bytes = try readWholeFile(folder + "/" + path, shown: shown ?? path)
    if bytes.count <= 1 << 20 {
      state.withLock { $0.waiting[path] = bytes }
    } else {
      let fingerprint = sha256(of: bytes)
      state.withLock { $0.known[path] = fingerprint }
    }
    return bytes
  }

  /// A reference table in any encoding.
  func table(_ path: String) throws(ReadError) -> CellTable {
    try ReferenceReader.read(bytes: decodeText(bytes(path), file: path).text, file: path)
  }
}

/// Begins to read a campaign's folder before the options of a command are understood: whoever starts a run names it first.
/// Files are read, and nothing else happens; when it is not this folder that is asked for, the reading was in vain.
package func expectCampaign(_ folder: String) { CampaignReading.expect(folder) }
