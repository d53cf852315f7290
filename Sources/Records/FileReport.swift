import Bytes
package import Diagnostics

/// What a run did with one file: the basis of the `files` table, of `run.json` and of the sum. One reference, since there may
/// be twenty thousand, which go from hand to hand; a copy that is changed is its own.
@usableFromInline package struct FileReport: Sendable {
  @usableFromInline var content: Content
  // Asked of all files again and again, so known without a look at the rest.
  /// Place of the source in the pipeline.
  package var source: Int
  /// Place of the earlier file of the same source with the same content.
  package var repeats: Int?
  /// Whether the file is quarantined.
  package private(set) var hasFailed = false
  /// Whether its counts say anything by rule, decision or reason.
  package private(set) var hasDetails = false
  /// Whether anything in it is rejected.
  package private(set) var hasRejected = false
  /// Whether the reader noted anything that is more than a note.
  package private(set) var hasWarnings = false
  /// Some bits of the fingerprint.
  package private(set) var fingerprintKey: UInt64 = 0

  /// SAFETY: unchecked, for tasks and for accesses: it is changed only where one report alone refers to it, by who may change
  /// that report.
  @usableFromInline final class Content: @unchecked Sendable {
    @exclusivity(unchecked) @usableFromInline var path: String
    @exclusivity(unchecked) @usableFromInline var fingerprint = ""
    @exclusivity(unchecked) @usableFromInline var size = 0
    @exclusivity(unchecked) @usableFromInline var encoding = ""
    @exclusivity(unchecked) var encodingEvidence = LocalizedText("")
    @exclusivity(unchecked) @usableFromInline var reading = ReadingAccount()
    @exclusivity(unchecked) @usableFromInline var counts = CheckCounts()
    @exclusivity(unchecked) var failure: Diagnostic?

    init(path: String) { unsafe self.path = path }

    // What the report says of it without a look.
    var hasWarnings: Bool {
      let notes = unsafe reading.notes
      // By their places: a note that is handed to a closure is copied.
      return notes.indices.contains { notes[$0].severity != .note }
    }
    var hasDetails: Bool { unsafe !(counts.byRule.isEmpty && counts.decisions.isEmpty && counts.blanks.isEmpty) }
    var hasRejected: Bool { unsafe counts.rejected > 0 || counts.findingsRejectedAlone > 0 }

    init(_ other: Content) {
      unsafe path = other.path
      unsafe fingerprint = other.fingerprint
      unsafe size = other.size
      unsafe encoding = other.encoding
      unsafe encodingEvidence = other.encodingEvidence
      unsafe reading = other.reading
      unsafe counts = other.counts
      unsafe failure = other.failure
    }
  }

  package init(path: String, source: Int) {
    content = Content(path: path)
    self.source = source
  }

  /// The value of its last hexadecimal digits: those tell the sheets of a workbook apart too, of which there may be many.
  private static func key(of fingerprint: String) -> UInt64 {
    fingerprint.utf8.suffix(16).reduce(0) { $0 << 4 ^ UInt64($1 & 15 &+ ($1 >> 6) &* 9) }
  }

  private mutating func own() { if !isKnownUniquelyReferenced(&content) { content = Content(content) } }

  // What is lent is inlined where its type allows that: otherwise each look from another module asks for memory.

  /// Path below the inbox, as shown.
  package var path: String {
    @inlinable _read { yield unsafe content.path }
    _modify {
      own()
      yield unsafe &content.path
    }
  }

  /// SHA-256 of the content, hexadecimal.
  package var fingerprint: String {
    @inlinable _read { yield unsafe content.fingerprint }
    _modify {
      own()
      defer { fingerprintKey = unsafe Self.key(of: content.fingerprint) }
      yield unsafe &content.fingerprint
    }
  }

  package var size: Int {
    @inlinable _read { yield unsafe content.size }
    _modify {
      own()
      yield unsafe &content.size
    }
  }

  package var encoding: String {
    @inlinable _read { yield unsafe content.encoding }
    _modify {
      own()
      yield unsafe &content.encoding
    }
  }

  /// Why the encoding was taken for that, for people.
  package var encodingEvidence: LocalizedText {
    _read { yield unsafe content.encodingEvidence }
    _modify {
      own()
      yield unsafe &content.encodingEvidence
    }
  }

  package var reading: ReadingAccount {
    @inlinable _read { yield unsafe content.reading }
    _modify {
      own()
      defer { hasWarnings = content.hasWarnings }
      yield unsafe &content.reading
    }
  }

  package var counts: CheckCounts {
    @inlinable _read { yield unsafe content.counts }
    _modify {
      own()
      defer { (hasDetails, hasRejected) = (content.hasDetails, content.hasRejected) }
      yield unsafe &content.counts
    }
  }

  /// Why nothing of the file counts; it is quarantined.
  package var failure: Diagnostic? {
    get { hasFailed ? unsafe content.failure : nil }
    set {
      own()
      unsafe content.failure = newValue
      hasFailed = newValue != nil
    }
  }
}

extension [FileReport] {
  /// Asks for the memory of a report that comes soon, for who goes through many: it is seldom near.
  package func approach(_ index: Int) {
    let index = index + 6
    guard index < count else { return }
    unsafe withUnsafeBytes { bytes in
      // SAFETY: the report begins with the reference to its content. Who holds the report would wait for that memory.
      let content = unsafe bytes.load(
        fromByteOffset: index * MemoryLayout<FileReport>.stride, as: UnsafeRawPointer.self)
      for line in 0..<6 { unsafe prefetch(content + 64 * line) }
    }
  }
}

/// `records read = tallied + rejected + duplicate + superseded + excluded`, or the same of findings.
package struct Sum: Sendable, Equatable {
  package var read = 0
  package var tallied = 0
  package var rejected = 0
  package var duplicate = 0
  package var superseded = 0
  package var excluded = 0
  package init() {}

  package var holds: Bool { read == tallied + rejected + duplicate + superseded + excluded }

  package mutating func merge(_ other: Sum) {
    read += other.read
    tallied += other.tallied
    rejected += other.rejected
    duplicate += other.duplicate
    superseded += other.superseded
    excluded += other.excluded
  }
}

/// The sum as one side of the run counted it.
package struct Sums: Sendable, Equatable {
  package var records = Sum()
  package var findings = Sum()
  package init() {}
  package mutating func merge(_ other: Sums) {
    records.merge(other.records)
    findings.merge(other.findings)
  }
}
