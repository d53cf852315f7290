import Diagnostics
import Glibc

/// The language in which the program speaks before it knows the campaign's: `--lang`, else the environment's.
let systemLanguage: Language = {
  let arguments = CommandLine.arguments
  for (index, argument) in arguments.enumerated() {
    if argument == "--lang=zh" || (argument == "--lang" && arguments.dropFirst(index + 1).first == "zh") { return .zh }
    if argument == "--lang=en" || (argument == "--lang" && arguments.dropFirst(index + 1).first == "en") { return .en }
  }
  for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
    guard let value = unsafe getenv(name) else { continue }
    let locale = unsafe String(cString: value)
    if !locale.isEmpty { return locale.hasPrefix("zh") ? .zh : .en }
  }
  return .en
}()

/// One of two texts, by the system's language.
func say(_ zh: String, _ en: String) -> String { systemLanguage == .zh ? zh : en }

/// Results, to standard output. A reader that has gone away (`| head`) ends the program quietly.
func printOut(_ text: String) { write(Array(text.utf8), to: 1) }
func printOut(_ bytes: [UInt8]) { write(bytes, to: 1) }

/// Messages, to standard error.
///
/// - Parameter keepsFound: whether what stands in the input may be shown. Not in messages that cron mails and logs keep: it
///   may be somebody's name or telephone number.
func show(_ diagnostics: [Diagnostic], _ language: Language, keepsFound: Bool) {
  for diagnostic in diagnostics {
    var shown = diagnostic
    if !keepsFound { shown.found = "" }
    write(Array((shown.message(language) + "\n").utf8), to: 2)
  }
}

/// Whoever starts the program without its standard streams (`>&-`) would have its messages written into the first files that
/// it opens. For reading only, so that a result that nobody gets still ends in status 74.
func holdStandardStreams() {
  for stream: Int32 in 0...2 where fcntl(stream, F_GETFD) < 0 {
    let flags = stream == 2 ? O_WRONLY : O_RDONLY
    guard unsafe open("/dev/null", flags) == stream else { endProgram(74) }
  }
}

/// Ends the program with a status of `sysexits.h`. At once: all that was written went to the system by then, and what the
/// libraries would let go of goes with the process.
func endProgram(_ status: Int32) -> Never { _exit(status) }

/// Ends the program because a library that it opens when it needs it is not there. Called by any thread.
func endForMissing(library: UnsafePointer<CChar>?, reason: UnsafePointer<CChar>?) {
  let name = unsafe library.map { unsafe String(cString: $0) } ?? ""
  let found = unsafe reason.map { unsafe String(cString: $0) } ?? ""
  show(
    [Diagnostic(.libraryMissing, at: SourceLocation(file: name), found: found, [.literal(name)])], systemLanguage,
    keepsFound: true)
  endProgram(69)
}

private func write(_ bytes: [UInt8], to descriptor: Int32) {
  var done = 0
  while done < bytes.count {
    // SAFETY: `done` is below the count of `bytes`.
    let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
    if count < 0 && errno == EINTR { continue }
    if count <= 0 { exit(errno == EPIPE ? 0 : 74) }
    done += count
  }
}
