import Bytes
package import Campaign
import Check
import Collect
import Delimited
package import Diagnostics
import Encodings
import Expressions
import Glibc
import PipelineFile
import Records
import Report
import Tally
import Values
import XMLInput

/// A campaign's folder, read and compiled: the pipeline file, the schemas, the roster, the code lists.
package struct CampaignFolder: Sendable {
  package let folder: String
  let definition: CampaignDefinition
  let sources: [SourcePlan]
  let lists: WordLists
  let ruleBook: RuleBook
  /// Decisions of the office, those that cannot be followed included.
  let corrections: [Correction]
  let proposer: Proposer
  /// SHA-256 of every file that describes the campaign, by path: with those of the sources, all that a run depends on.
  let fingerprints: [(path: String, sha256: String)]
  /// Fingerprint of the key of the hashes, if there is one. A run depends on it, and publishes it nowhere.
  let keyFingerprint: [(path: String, sha256: String)]
  /// What is shown of persons.
  let personal: PersonalView
  /// Warnings and notes of the pipeline's own files.
  package let notes: [Diagnostic]

  /// A value to propose in place of a rejected one.
  var propose: TallyInput.Proposal {
    { [proposer] source, group, field, rule, value in
      proposer.proposal(Proposer.Question(source: source, group: group, field: field, rule: rule, value: value))
    }
  }

  package var language: Language { definition.language }

  /// Fingerprint of all that decides what Read and Check make of a file: the pipeline's files, the program, and the day where
  /// a rule asks for it.
  func context(asOf: Day) -> String {
    let rules = definition.rules.flatMap { [$0.require, $0.when].compactMap { $0?.text } + $0.groups.map(\.text) }
    let isOfToday = rules.contains { mentions($0, "today") || mentions($0, "as-of") }
    let parts =
      ["fieldtally", fieldtallyVersion]
      + (fingerprints + keyFingerprint).flatMap { [$0.path, $0.sha256] } + (isOfToday ? [asOf.text] : [])
    return sha256(of: Array(parts.joined(separator: "\n").utf8))
  }

  /// How the files of a source are read and checked.
  /// One reference, since each file asks for it.
  final class SourcePlan: Sendable {
    let definition: SourceDefinition
    let check: CheckPlan
    /// `nil` for delimited text.
    let xml: XMLPlan?
    /// What XML records are validated against, if the pipeline says so.
    let schema: XMLSchema?

    init(_ definition: SourceDefinition, _ check: CheckPlan, xml: XMLPlan?, schema: XMLSchema?) {
      self.definition = definition
      self.check = check
      self.xml = xml
      self.schema = schema
    }
  }

  /// - Throws: `PipelineErrors` with every fault that was found.
  ///
  /// - Parameters:
  ///   - asOf: the day that rules call `today`.
  ///   - width: tasks at once.
  package init(_ folder: String, asOf: Day, width: Int) async throws(PipelineErrors) {
    self.folder = folder
    let reading = CampaignReading.take(folder, width: width)
    let files = reading.files
    files.takeFingerprints()
    let read = await reading.content()
    guard let definition = read.loaded.definition, let references = read.references, let words = read.words,
      let decided = read.decided
    else { throw PipelineErrors(read.loaded.diagnostics) }
    corrections = decided.corrections
    let tables = read.tables
    var notes = read.loaded.diagnostics + references.diagnostics + decided.diagnostics + read.tableFaults
    var key: [UInt8]?
    if let file = definition.privacy.key {
      do throws(ReadError) { key = try Self.key(folder, file) } catch { notes.append(error.diagnostic) }
    }
    guard !notes.contains(where: { $0.severity == .error }) else { throw PipelineErrors(notes) }
    keyFingerprint = key.flatMap { bytes in definition.privacy.key.map { [($0.path, sha256(of: bytes))] } } ?? []
    let pseudonym: Pseudonym =
      if let key { { String(hmacSHA256(of: $0, key: key).prefix(16)) } } else { { _ in "***" } }
    personal = PersonalView(definition.sources, pseudonym)
    let environment = RuleEnvironment(
      sources: definition.sources, window: definition.window, today: asOf,
      lists: .init(codeLists: references.codeLists, roster: references.roster))
    let rules = RuleBook.compile(definition.rules, checks: definition.checks, environment)
    ruleBook = rules.book
    notes += rules.faults
    do throws(PlanErrors) {
      let compiled = try CheckPlan.compile(
        definition, roster: references.roster, words: words, codeLists: references.codeLists, tables: tables,
        ruleBook: rules.book, corrections: corrections, pseudonym: pseudonym)
      lists = compiled.lists
      proposer = Proposer(compiled.plans, codeLists: references.codeLists, window: definition.window)
      sources = try Self.plans(definition, compiled.plans) { (path) throws(ReadError) in try files.bytes(path) }
    } catch {
      throw PipelineErrors(notes + error.diagnostics)
    }
    if !rules.faults.isEmpty { throw PipelineErrors(notes) }
    self.definition = definition
    self.notes = notes
    fingerprints = files.fingerprints
  }

  /// Short keys are guessed: whoever has the hashes tries all names and numbers that there are.
  private static func key(_ folder: String, _ file: ReferenceTable) throws(ReadError) -> [UInt8] {
    var bytes = try readWholeFile(folder + "/" + file.path, shown: file.path)
    while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
    guard bytes.count >= 16 else {
      throw ReadError(
        Diagnostic(
          .pipelineWrongValue, at: file.location, found: file.path,
          [.word(LocalizedText(zh: "至少 16 个字节的密钥", en: "a key of at least 16 bytes")), .literal("")]))
    }
    return bytes
  }

  private static func plans(
    _ definition: CampaignDefinition, _ checks: [CheckPlan], read: @escaping (String) throws(ReadError) -> [UInt8]
  ) throws(PlanErrors) -> [SourcePlan] {
    var plans: [SourcePlan] = []
    for (source, check) in zip(definition.sources, checks) {
      var xml: XMLPlan?
      var validating: XMLSchema?
      switch source.format {
      case .delimited: break
      case .xml(let options), .xforms(let options):
        do {
          xml = try XMLPlan(options: options, fields: source.fields, repeats: CheckPlan.repeats(of: source))
        } catch {
          throw PlanErrors(diagnostics: [error.diagnostic])
        }
        guard let schema = options.schema else { break }
        do {
          validating = try XMLSchema(path: schema.path, at: schema.location, read: read)
        } catch {
          throw PlanErrors(diagnostics: error.diagnostics)
        }
      }
      plans.append(SourcePlan(source, check, xml: xml, schema: validating))
    }
    return plans
  }
}

extension CampaignFolder {
  /// Decisions about texts that no record has.
  func unusedDecisions(_ files: [FileReport]) -> [Diagnostic] {
    if lists.roster.decisions.isEmpty { return [] }
    var used: Set<Int> = []
    for file in files where file.hasDetails { used.formUnion(file.counts.decisions.keys) }
    return lists.roster.decisions.enumerated().filter { !used.contains($0.offset) }.map { _, decision in
      Diagnostic(.decisionUnused, at: decision.location, found: decision.text)
    }
  }
}

/// A pipeline that cannot be used: status 78.
package struct PipelineErrors: Error, Sendable {
  package var diagnostics: [Diagnostic]
  init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

/// A file of the campaign's own folder, at most 256 MiB of it.
///
/// - Parameter shown: its path in diagnostics.
func readWholeFile(_ path: String, shown: String) throws(ReadError) -> [UInt8] {
  func failure(_ code: Int32) -> ReadError {
    ReadError(
      Diagnostic(
        code == ENOENT ? .fileMissing : .fileUnreadable, at: SourceLocation(file: shown),
        [.literal(unsafe String(cString: strerror(code)))]))
  }
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw failure(errno) }
  defer { close(descriptor) }
  var status = stat()
  guard unsafe fstat(descriptor, &status) == 0 else { throw failure(errno) }
  guard status.st_mode & S_IFMT == S_IFREG else {
    throw ReadError(Diagnostic(.fileNotRegular, at: SourceLocation(file: shown)))
  }
  guard status.st_size <= 256 << 20 else { throw failure(EFBIG) }
  var bytes: [UInt8] = []
  var failed: Int32 = 0
  // One byte more than it is said to hold: it may have grown, and its end must be seen.
  while failed == 0 {
    let room = bytes.isEmpty ? Int(status.st_size) + 1 : 1 << 16
    let more = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      // SAFETY: the buffer has room for as many bytes as it is said to have.
      while count < room {
        let got = unsafe read(descriptor, buffer.baseAddress! + count, room - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failed = errno }
        if got <= 0 { break }
        count += got
      }
    }
    if bytes.isEmpty { bytes = more } else { bytes += more }
    if more.count < room { break }
  }
  guard failed == 0 else { throw failure(failed) }
  return bytes
}

/// Whether `word`, in ASCII, stands in `text`. (`contains` would look through all types of the program when it is first used.)
private func mentions(_ text: String, _ word: String) -> Bool {
  let (text, word) = (Array(text.utf8), Array(word.utf8))
  return text.indices.contains { text[$0...].starts(with: word) }
}
