import Campaign
package import Diagnostics
import Glibc

/// Why the output could not be written: thrown, and ends the run; what an earlier run published stays as it was.
package struct WriteError: Error {
  package enum Cause: Sendable {
    /// Nothing could be created at that place (status 73).
    case cannotCreate
    /// Writing began and failed (status 74).
    case inputOutput
    /// The rows of a table ended with this error, which is not ours.
    case rows(any Error)
  }
  package var diagnostic: Diagnostic
  package var cause: Cause

  package init(_ diagnostic: Diagnostic, _ cause: Cause) {
    self.diagnostic = diagnostic
    self.cause = cause
  }

  /// From `sysexits.h`: 73 or 74.
  package var exitStatus: Int32 {
    switch cause {
    case .cannotCreate: 73
    case .inputOutput, .rows: 74
    }
  }

  /// What the system said about `path`: no room is a rule of its own, because its cure is another.
  static func system(_ number: Int32, _ path: String, _ cause: Cause) -> WriteError {
    let reason = Argument.literal(reason(number))
    let rule: Rule =
      switch (number, cause) {
      case (ENOSPC, _), (EDQUOT, _), (EFBIG, _): .diskFull
      case (_, .cannotCreate): .outputNotWritable
      default: .outputWriteFailed
      }
    return WriteError(Diagnostic(rule, at: SourceLocation(file: path), [reason]), cause)
  }

  static func notOurs(_ path: String, found: String) -> WriteError {
    WriteError(Diagnostic(.outputNotOurs, at: SourceLocation(file: path), found: found), .cannotCreate)
  }

  /// Any error that leaves a loop over rows: ours as it is, the error of the rows with the table's name.
  static func rows(_ error: any Error, of table: String) -> WriteError {
    if let error = error as? WriteError { return error }
    let diagnostic =
      (error as? ReadError)?.diagnostic
      ?? Diagnostic(.outputRowsFailed, at: SourceLocation(file: table), [.literal(String(describing: error))])
    return WriteError(diagnostic, .rows(error))
  }

  private static func reason(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "errno \(number)" }
    return unsafe String(cString: text)
  }
}
