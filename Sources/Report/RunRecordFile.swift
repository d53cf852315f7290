/// `run.json` in the making: an object, of which the first member is `fieldtally`, the version of this record. Unchecked: one
/// task has it at a time.
package final class RunRecordFile: @unchecked Sendable {
  private var file: OutputFile
  private var isEmpty = true

  init(_ file: consuming OutputFile) { self.file = file }

  /// Adds members behind those that are there.
  package func write(_ members: [(String, JSONValue)]) throws(WriteError) {
    if isEmpty {
      isEmpty = false
      file.buffer.append(UInt8(ascii: "{"))
      begin("fieldtally")
      JSONValue.integer(1).append(to: &file.buffer, depth: 1)
    }
    for (name, value) in members {
      file.buffer.append(UInt8(ascii: ","))
      begin(name)
      if case .elements(let parts) = value {
        file.buffer.append(UInt8(ascii: "["))
        for part in parts { try file.append(part.bytes) }
        file.buffer.append(contentsOf: JSONText.end(of: parts, depth: 1))
      } else {
        value.append(to: &file.buffer, depth: 1)
      }
      try file.flushIfFull()
    }
  }

  private func begin(_ name: String) {
    file.buffer.append(contentsOf: JSONText.lineStart(1))
    file.buffer.append(json: name)
    file.buffer.append(contentsOf: ": ".utf8)
  }

  func close() throws(WriteError) {
    var whole = OutputFile()
    swap(&whole, &file)
    whole.buffer.append(contentsOf: "\n}\n".utf8)
    try whole.close()
  }
}
