import Bytes
import Campaign
import Collect
import Diagnostics
import Glibc
import Records

/// What the last run of a campaign looked at and came to. When nothing of it has changed, the outputs that stand are those
/// that a run would write, byte for byte, and it need not run.
struct LastRun {
  private let options: RunOptions
  private let asOf: Day
  private let path: String
  private static let head = Array("fieldtally-run3\n".utf8)

  /// - Returns: `nil` where nothing is kept, or where a run has other inputs than an inbox.
  init?(_ options: RunOptions, asOf: Day) {
    guard let cache = options.cacheFolder, options.segments.isEmpty else { return nil }
    self.options = options
    self.asOf = asOf
    path = cache + "/last-run"
  }

  /// What decides whether a run would give the same again, in bytes: the program and the day, the files of the inbox, those of
  /// the campaign's folder, those that were published.
  ///
  /// - Parameter inbox: the files of the inbox, in bytes.
  private func state(campaignFiles: [(path: String, sha256: String)], inbox: [UInt8]) -> [UInt8]? {
    guard let out = try? Inbox(folder: options.outFolder).files().files, !out.isEmpty
    else { return nil }
    var encoder = ByteEncoder()
    for text in [
      programIdentity(), asOf.text, options.folder, options.inboxFolder, options.outFolder, "\(options.showsPersonal)",
    ] {
      encoder.append(text)
    }
    encoder.append(inbox)
    encoder.append(Self.bytes(of: out))
    guard let names = namesInFolder() else { return nil }
    encoder.append(names.count)
    for name in names { encoder.append(name) }
    encoder.append(campaignFiles.count)
    for file in campaignFiles {
      encoder.append(file.path)
      encoder.append(file.sha256)
    }
    return encoder.bytes
  }

  private static func bytes(of files: [InboxFile]) -> [UInt8] {
    var encoder = ByteEncoder()
    encoder.reserve(files.count * 64)
    encoder.append(files.count)
    for file in files {
      encoder.append(file.shown)
      if let stamp = file.stamp { encoder.append(stamp) } else { encoder.append(-1) }
    }
    return encoder.bytes
  }

  /// A file that was not there may be one that a run looks for.
  private func namesInFolder() -> [String]? {
    try? Inbox(folder: options.folder).files(except: ["inbox", "out", "cache"]).files.map(\.shown)
  }

  /// What the run came to, when nothing has changed since.
  func outcome() -> RunOutcome? {
    guard let bytes = try? readWholeFile(path, shown: path), bytes.starts(with: Self.head), bytes.count > 32 else {
      return nil
    }
    let content = Array(bytes[Self.head.count..<bytes.count - 16])
    guard Array(bytes.suffix(16)) == Self.bytes(of: Hash128(of: content)) else { return nil }
    var decoder = ByteDecoder(content)
    let state = decoder.column(of: UInt8.self)
    var files: [(path: String, sha256: String)] = []
    for _ in 0..<decoder.number() {
      let (path, known) = (decoder.text(), decoder.text())
      guard let bytes = try? readWholeFile(options.folder + "/" + path, shown: path), sha256(of: bytes) == known else {
        return nil
      }
      files.append((path, known))
    }
    guard let inbox = try? Inbox(folder: options.inboxFolder).files().files,
      self.state(campaignFiles: files, inbox: Self.bytes(of: inbox)) == state
    else { return nil }
    let language: Language = decoder.text() == "en" ? .en : .zh
    let unchanged =
      language == .zh ? "自上次运行以来没有变化，结果仍是那一次的。\n" : "Nothing has changed since the last run; its results stand.\n"
    return RunOutcome(
      summary: decoder.text() + unchanged, diagnostics: decoder.diagnostics(), language: language,
      exitStatus: Int32(truncatingIfNeeded: decoder.number()))
  }

  /// The files of the inbox as they were when they were listed, in bytes; `nil` where another run would have to look again.
  func seen(_ input: RunInput) -> [UInt8]? {
    guard let listing = input.listing, isCertain(listing, input.files) else { return nil }
    return Self.bytes(of: listing.found)
  }

  /// - Parameter inbox: what was seen of the inbox.
  func keep(_ outcome: RunOutcome, campaign: CampaignFolder, inbox: [UInt8]?) {
    guard let inbox,
      let state = state(campaignFiles: campaign.fingerprints + campaign.keyFingerprint, inbox: inbox)
    else {
      unsafe unlink(path)
      return
    }
    var encoder = ByteEncoder()
    encoder.append(state)
    let files = campaign.fingerprints + campaign.keyFingerprint
    encoder.append(files.count)
    for file in files {
      encoder.append(file.path)
      encoder.append(file.sha256)
    }
    encoder.append(outcome.language.rawValue)
    encoder.append(outcome.summary)
    encoder.append(outcome.diagnostics)
    encoder.append(Int(outcome.exitStatus))
    replaceFile(path, by: Self.head + encoder.bytes + Self.bytes(of: Hash128(of: encoder.bytes)))
  }

  /// Whether the stamps of all files prove that they are the ones that were read.
  private func isCertain(_ listing: RunInput.Listing, _ reports: [FileReport]) -> Bool {
    // A disk that failed to read a file may do so the next time.
    let rules: [Rule] = [.fileUnreadable, .fileMissing, .fileChanged]
    return listing.files.allSatisfy { $0.stamp?.isSettled(at: listing.begun) == true }
      && reports.allSatisfy { report in !report.hasFailed || report.failure.map { !rules.contains($0.rule) } ?? true }
  }

  private static func bytes(of hash: Hash128) -> [UInt8] {
    var encoder = ByteEncoder()
    encoder.append(hash)
    return encoder.bytes
  }
}

/// The program that is running: its version, and which build of it.
func programIdentity() -> String {
  var status = stat()
  guard unsafe stat("/proc/self/exe", &status) == 0 else { return fieldtallyVersion }
  let stamp = FileStamp(status)
  return "\(fieldtallyVersion) \(stamp.size) \(stamp.modified)"
}

extension ByteEncoder {
  fileprivate mutating func append(_ stamp: FileStamp) {
    append(stamp.size)
    append(fixed: stamp.inode)
    append(fixed: UInt64(bitPattern: Int64(stamp.modified)))
    append(fixed: UInt64(bitPattern: Int64(stamp.changed)))
  }
}
