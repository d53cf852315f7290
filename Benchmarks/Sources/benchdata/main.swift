import Glibc

// benchdata WHAT FOLDER NAME=NUMBER…: writes FOLDER/inbox, FOLDER/reference and FOLDER/expected.tsv.
let arguments = Array(CommandLine.arguments.dropFirst())
var numbers = ["bytes": 1_000_000, "files": 1, "records": 1000, "units": 2000, "seed": 1]
let usage = "benchdata ledger|export|submissions|wide|sheet FOLDER [bytes=N] [files=N] [records=N] [units=N] [seed=N]"

func fail(_ message: String) -> Never {
  _ = (message + "\n").withCString { write(2, $0, strlen($0)) }
  exit(64)
}

guard arguments.count >= 2 else { fail(usage) }
for argument in arguments.dropFirst(2) {
  let parts = argument.split(separator: "=", maxSplits: 1)
  guard parts.count == 2, numbers[String(parts[0])] != nil, let number = Int(parts[1]), number > 0 else { fail(usage) }
  numbers[String(parts[0])] = number
}
let folder = arguments[1]
let (bytes, files, records) = (numbers["bytes"]!, numbers["files"]!, numbers["records"]!)
let (units, seed) = (numbers["units"]!, UInt64(numbers["seed"]!))
do {
  switch arguments[0] {
  case "ledger": try writeLedger(to: folder, bytes: bytes, files: files, units: units, seed: seed)
  case "export": try writeExport(to: folder, bytes: bytes, units: units, seed: seed)
  case "submissions": try writeSubmissions(to: folder, files: files, units: units, seed: seed)
  case "wide": try Wide.write(to: folder, records: records, units: units, seed: seed)
  case "sheet": try writeSheetRows(to: folder, records: records, seed: seed)
  default: fail(usage)
  }
} catch {
  fail("\(error)")
}
