import Foundation
import Testing

/// The program, run on a file as a person runs it.
struct Conversion {
  var status: Int32
  var output: [UInt8]
  var messages: String
  var seconds: Double
  /// Largest resident memory of the process, in MiB; 0 where the system does not say.
  var mebibytes: Int

  /// `FIELDTALLY_PROGRAM` where it is set: `Scripts/corpus` names one that was built for speed.
  static let program: URL = {
    if let path = ProcessInfo.processInfo.environment["FIELDTALLY_PROGRAM"] { return URL(filePath: path) }
    // Tests and program are built into the same folder.
    var folder = Bundle.main.bundleURL
    for case let bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
      folder = bundle.bundleURL.deletingLastPathComponent()
    }
    let beside = folder.appending(path: "fieldtally")
    if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
    return URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "fieldtally")
  }()

  /// Ends the program after `limit` seconds; the status is then that of the signal.
  init(_ arguments: [String], limit: Int = 10) throws {
    let process = Process()
    // `timeout` and a limit of address space make of a hang or a flood a failure, not a hung test.
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments =
      ["-c", "exec timeout -s KILL \(limit) \"$0\" \"$@\"", Self.program.path] + arguments
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["out", "err"].map { folder.appending(path: $0) }
    for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    process.environment = ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    let start = Date()
    try process.run()
    var peak = 0
    while process.isRunning {
      peak = max(peak, Self.residentMebibytes(process.processIdentifier))
      usleep(5000)
    }
    seconds = Date().timeIntervalSince(start)
    mebibytes = peak
    status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    output = [UInt8](try Data(contentsOf: files[0]))
    messages = String(decoding: try Data(contentsOf: files[1]), as: UTF8.self)
  }

  /// Of the process or its only child.
  private static func residentMebibytes(_ process: Int32) -> Int {
    let children = (try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)) ?? ""
    let child = children.split(separator: " ").first.map(String.init) ?? "\(process)"
    guard let status = try? String(contentsOfFile: "/proc/\(child)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = Int(line.filter(\.isNumber))
    else { return 0 }
    return kibibytes / 1024
  }
}

@Suite struct ConvertTests {
  static let cases = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "cases")
  static var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: cases.path)) ?? []).sorted()
  }

  /// Each folder holds a table that went wrong in one way, and the table that a careful person would make of it.
  /// `RECORD_GOLDENS=1` rewrites the expected tables; a person reads the difference.
  @Test(arguments: names)
  func makesTheCleanTable(name: String) throws {
    let folder = Self.cases.appending(path: name)
    let input = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasPrefix("input.") })
    let arguments = (try? String(contentsOf: folder.appending(path: "args"), encoding: .utf8)) ?? ""
    let run = try Conversion(
      ["convert", folder.appending(path: input).path] + arguments.split(whereSeparator: \.isWhitespace).map(String.init)
    )
    let expected = folder.appending(path: "expected.csv")
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" { try Data(run.output).write(to: expected) }
    #expect(String(decoding: run.output, as: UTF8.self) == (try String(contentsOf: expected, encoding: .utf8)))
    let isUnreadable = try Data(contentsOf: expected).isEmpty
    #expect(run.status == (isUnreadable ? 65 : 0), "\(run.messages)")
    if isUnreadable { #expect(run.messages.split(separator: "\n").count == 1, "\(run.messages)") }
  }

  /// What convert writes, it reads as the same table.
  @Test(arguments: names)
  func convertingTwiceIsConvertingOnce(name: String) throws {
    let expected = Self.cases.appending(path: name).appending(path: "expected.csv")
    guard try !Data(contentsOf: expected).isEmpty else { return }
    let run = try Conversion(
      ["convert", expected.path, "--delimiter", ",", "--quote", "\"", "--skip", "0", "--header-rows", "1"])
    #expect(String(decoding: run.output, as: UTF8.self) == (try String(contentsOf: expected, encoding: .utf8)))
  }

  @Test func describesAsJSON() throws {
    let file = Self.cases.appending(path: "preamble/input.csv").path
    let run = try Conversion(["describe", "--json", file])
    let json = try #require(try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
    for key in ["encoding", "evidence", "dialect", "skipped", "columns", "records"] {
      #expect(json[key] != nil, "\(key)")
    }
    #expect(run.status == 0)
  }
}
