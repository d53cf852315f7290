package import Diagnostics
import FoundationEssentials
import Glibc

/// Runs an example of the catalogue as a campaign in a folder of its own, which goes with it.
package struct ExampleRun {
  /// What the program said, in the order in which it would be shown; paths are relative to the campaign's folder.
  package private(set) var diagnostics: [Diagnostic] = []
  private let root: String
  /// Name of the folder, which is gone.
  var folderName: String { root.split(separator: "/").last.map(String.init) ?? "" }

  /// - Parameter rewrite: the bytes of a text file as it shall stand in the folder.
  /// - Throws: `RunFailure` when the folder cannot be made.
  package init(
    _ trial: Trial.Case, given: [Trial.File],
    rewrite: (Trial.File, String) -> [UInt8] = { Trial.bytes(of: $1) }
  ) async throws(RunFailure) {
    var template = Array((temporaryFolder() + "/fieldtally-example-XXXXXX").utf8CString)
    // SAFETY: the template ends in its NUL, and mkdtemp changes the six letters before it.
    guard unsafe template.withUnsafeMutableBufferPointer({ unsafe mkdtemp($0.baseAddress!) }) != nil else {
      throw Self.failure(temporaryFolder())
    }
    root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { Self.remove(root) }
    var locks: [Int32] = []
    defer { for lock in locks { close(lock) } }
    for file in given + trial.files {
      if let lock = try make(file, rewrite) { locks.append(lock) }
    }
    diagnostics = await perform(trial.command).map(relative)
  }

  // MARK: the folder

  /// - Returns: a descriptor that holds the lock of the file.
  private func make(_ file: Trial.File, _ rewrite: (Trial.File, String) -> [UInt8]) throws(RunFailure) -> Int32? {
    let path = root + "/" + file.path
    var above = root
    for name in file.path.split(separator: "/").dropLast() {
      above += "/" + name
      guard unsafe mkdir(above, 0o755) == 0 || errno == EEXIST else { throw Self.failure(above) }
    }
    // A name may hold bytes that no text has.
    let name = Trial.bytes(of: path).map(CChar.init(bitPattern:)) + [0]
    switch file.content {
    case .pipe:
      guard unsafe mkfifo(name, 0o644) == 0 else { throw Self.failure(path) }
    case .link(let target):
      guard unsafe symlink(target, name) == 0 else { throw Self.failure(path) }
    case .text(let text): close(try Self.write(rewrite(file, Trial.Marked(text).text), to: name, path))
    case .archive, .gzip, .workbook, .compound: close(try Self.write(file.packed, to: name, path))
    case .held:
      let descriptor = try Self.write([], to: name, path)
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Self.failure(path) }
      return descriptor
    }
    return nil
  }

  private static func write(_ bytes: [UInt8], to name: [CChar], _ path: String) throws(RunFailure) -> Int32 {
    let descriptor = unsafe open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    var done = 0
    while done < bytes.count {
      // SAFETY: `done` is below the count of `bytes`.
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
      }
      guard count > 0 else {
        close(descriptor)
        throw failure(path)
      }
      done += count
    }
    return descriptor
  }

  private static func failure(_ path: String) -> RunFailure {
    let reason = unsafe String(cString: strerror(errno))
    return RunFailure([Diagnostic(.outputFolderUnusable, at: SourceLocation(file: path), [.literal(reason)])], 73)
  }

  /// What cannot be removed is left to whoever clears the temporary folder.
  private static func remove(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }

  // MARK: the command

  private func perform(_ command: Trial.Command) async -> [Diagnostic] {
    var options = RunOptions(folder: root)
    options.jobs = 1
    do throws(RunFailure) {
      switch command {
      case .check: return try await check(options).diagnostics
      case .run(let arguments):
        options.asOf = Self.value("--as-of", in: arguments) ?? "2022-11-30"
        options.out = Self.value("--out", in: arguments).map { root + "/" + $0 }
        options.inbox = Self.value("--inbox", in: arguments).map { root + "/" + $0 }
        options.segments = Self.value("--segments", in: arguments).map { [root + "/" + $0] } ?? []
        options.usesCache = unsafe access(root + "/cache", F_OK) == 0
        let outcome = try await run(options)
        return outcome.diagnostics + rejected(in: options.outFolder)
      case .convert(let file, let arguments):
        var reading = ReadOptions()
        reading.encoding = Self.value("--encoding", in: arguments)
        reading.delimiter = Self.value("--delimiter", in: arguments)
        reading.quote = Self.value("--quote", in: arguments)
        reading.record = Self.value("--record", in: arguments)
        reading.member = Self.value("--member", in: arguments)
        reading.headerRows = Self.value("--header-rows", in: arguments).flatMap { Int($0) }
        return try convert(root + "/" + file, reading) { _ in }
      }
    } catch {
      return error.diagnostics
    }
  }

  private static func value(_ option: String, in arguments: [String]) -> String? {
    guard let place = arguments.firstIndex(of: option), place + 1 < arguments.count else { return nil }
    return arguments[place + 1]
  }

  /// Rejections that show only when all records are seen stand in the tables alone.
  private func rejected(in folder: String) -> [Diagnostic] {
    struct Row: Decodable {
      var file: String
      var line: Int?
      var field: String?
      var rule: String
      var found: String?
      var expected: String?
    }
    guard let bytes = try? readWholeFile(folder + "/rejected.json", shown: "rejected.json"),
      let rows = try? JSONDecoder().decode([Row].self, from: Data(bytes))
    else { return [] }
    return rows.compactMap { row in
      guard let rule = Catalogue.rule(row.rule) else { return nil }
      let field = row.field.flatMap { $0.isEmpty ? nil : $0 }
      let place = SourceLocation(file: row.file, line: row.line ?? 0, field: field)
      return Diagnostic(
        rule, at: place, found: row.found ?? "", [.literal(Self.fact(of: rule, in: row.expected ?? ""))])
    }
  }

  /// What fills the gap of the rule's sentence.
  private static func fact(of rule: Rule, in sentence: String) -> String {
    for language in Language.allCases {
      let parts = rule.expected[language].split(separator: "{0}", omittingEmptySubsequences: false)
      if parts.count == 2, sentence.hasPrefix(parts[0]), sentence.hasSuffix(parts[1]) {
        return String(sentence.dropFirst(parts[0].count).dropLast(parts[1].count))
      }
    }
    return sentence
  }

  // MARK: what is shown

  private func relative(_ diagnostic: Diagnostic) -> Diagnostic {
    var shown = diagnostic
    shown.location.file = relative(diagnostic.location.file)
    shown.found = relative(diagnostic.found)
    shown.arguments = diagnostic.arguments.map { argument in
      if case .literal(let text) = argument { .literal(relative(text)) } else { argument }
    }
    return shown
  }

  private func relative(_ text: String) -> String {
    guard let place = text.firstRange(of: root) else { return text }
    let rest = text[place.upperBound...]
    return String(text[..<place.lowerBound]) + (rest.hasPrefix("/") ? rest.dropFirst() : rest.isEmpty ? "." : rest)
  }
}
