package import Bytes
package import Campaign
package import Diagnostics
package import Records

/// How much of a file the reader holds or looks at.
package struct DelimitedLimits: Sendable {
  /// Bytes of UTF-8 text that a record may have.
  package var recordBytes = 64 << 20
  /// Lines that a quoted cell may cover.
  package var quotedLines = 10_000
  /// Bytes of text that a batch covers, unless a record is bigger.
  package var batchBytes = 1 << 20
  /// Bytes from the start of the file by which its dialect and header are found.
  package var headBytes = 256 << 10
  package init() {}
}

package final class DelimitedReader: RecordReader {
  package private(set) var account = ReadingAccount()
  package private(set) var dialect: Dialect

  package init(
    source: any ByteSource, file: String, fields: [Field], options: DelimitedOptions = DelimitedOptions(),
    fillDown: [String] = [], continuation: [String] = [], limits: DelimitedLimits = DelimitedLimits()
  ) throws(ReadError) {
    dialect = Dialect()
  }

  package func next(_ batch: inout RecordBatch) throws(ReadError) -> Bool { false }
}

/// The form of a delimited file.
package struct Dialect: Sendable, Hashable {
  package var delimiter: [UInt8] = [0x2C]
}

/// A small reference table (roster, code list) as strings.
package enum ReferenceReader {
  package static func read(
    bytes: [UInt8], file: String
  ) throws(ReadError) -> (headers: [String], rows: [(line: Int, cells: [String])]) { ([], []) }
}
