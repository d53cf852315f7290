import Foundation
import Testing

/// What the program does when the system or the person at it does what it should not.
@Suite struct FaultTests {
  private static let package = RealData.tests.appending(path: "../..").standardizedFileURL
  private static let tracer = "/usr/bin/strace"
  static var canInject: Bool { FileManager.default.isExecutableFile(atPath: tracer) }

  /// A folder of its own with a small campaign, which goes with it.
  final class Place {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fieldtally-\(UUID().uuidString)")

    init() throws {
      try write(
        "pipeline.yaml",
        """
        fieldtally: 1
        campaign: {id: t, title: T, language: en}
        sources:
          - name: a
            files: inbox/**/*.csv
            unit: {name: unit, unknown: add}
            fields: [{name: unit, type: string}, {name: number, type: integer}]
        """)
      try write("inbox/team/a.csv", "unit,number\nSchool,1\nClinic,2\n")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ path: String, _ text: String) throws {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }

    /// Runs a line of the shell in which `$run` is the whole command.
    func shell(_ line: String, out: String = "out") throws -> Finished {
      let program = try #require(CampaignRun.program, "the program is not beside the tests").path
      let run = "'\(program)' run . --quiet --as-of 2022-11-30 --jobs 2 --lang en --out \(out)"
      let alone = run.replacing("--jobs 2", with: "--jobs 1")
      let lines = line.replacing("$runAlone", with: alone).replacing("$run", with: run)
      let script = "cd '\(folder.path)' && program='\(program)' && " + lines
      return try Finished(URL(filePath: "/bin/bash"), ["-c", script], scratch: folder)
    }

    func data(_ path: String) -> Data? { try? Data(contentsOf: folder.appending(path: path)) }
  }

  /// An injected fault: the `n`-th of these calls of a thread fails, or all from there on (`1+`).
  private func inject(_ call: String, _ error: String, _ number: some CustomStringConvertible) -> String {
    "timeout 60 \(Self.tracer) -f -qq -o trace -e trace=\(call) -e inject=\(call):error=\(error):when=\(number) $run"
  }

  @Test(.enabled(if: canInject, "strace is not installed"), arguments: 2...12)
  func aFullDiskLeavesTheEarlierOutput(write number: Int) throws {
    let place = try Place()
    #expect(try place.shell("$run").status == 0)
    let earlier = try #require(place.data("out/units.csv"))
    try place.write("inbox/team/b.csv", "unit,number\nHospital,3\n")
    // The cache, which another thread writes meanwhile, costs no output.
    let finished = try place.shell(inject("write", "ENOSPC", number) + " --no-cache")
    #expect(finished.status == 74, "\(finished.errors)")
    #expect(place.data("out/units.csv") == earlier)
    #expect(try place.shell("ls -A | grep -c fieldtally-").output == "0\n")
  }

  /// A table that has more rows than before begins with a copy of what was published, whatever the system says to that.
  @Test(
    .enabled(if: canInject, "strace is not installed"), arguments: [("linkat", "ENOENT"), ("copy_file_range", "EXDEV")])
  func aTableIsContinuedWithoutTheHelpOfTheSystem(call: String, error: String) throws {
    let place = try Place()
    func rows(_ name: String, _ count: Int) -> String {
      "unit,number\n" + (0..<count).map { "\(name) \($0),no number \($0)\n" }.joined()
    }
    try place.write("inbox/team/a.csv", rows("School", 6_000))
    // What was written just now may change unseen: it is read again.
    #expect(try place.shell("sleep 0.3; $run").status == 1)
    try place.write("inbox/team/b.csv", rows("Clinic", 20))
    let finished = try place.shell("sleep 0.3; " + inject(call, error, "1+"))
    #expect(finished.status == 1, "\(finished.errors)")
    #expect(String(decoding: place.data("trace") ?? Data(), as: UTF8.self).contains("INJECTED"))
    #expect(try place.shell("$run --no-cache", out: "other").status == 1)
    for name in ["rejected.csv", "rejected.json", "run.json"] {
      let bytes = place.data("out/\(name)")
      #expect(bytes != nil && bytes == place.data("other/\(name)"), "\(name)")
    }
    #expect(try place.shell("ls -A | grep -c fieldtally-").output == "0\n")
  }

  @Test(.enabled(if: canInject, "strace is not installed")) func aCacheThatCannotBeWrittenCostsNoOutput() throws {
    let place = try Place()
    #expect(try place.shell(inject("pwrite64", "ENOSPC", "1+")).status == 0)
    #expect(String(decoding: place.data("trace") ?? Data(), as: UTF8.self).contains("INJECTED"))
    #expect(try place.shell("$run --no-cache", out: "other").status == 0)
    #expect(place.data("out/run.json") == place.data("other/run.json"))
    #expect(place.data("out/units.csv") == place.data("other/units.csv"))
    #expect(try place.shell("$run").status == 0)
  }

  /// The tracer counts the calls of each thread: of two, one lists the inbox and any of them the folder in it.
  @Test(
    .enabled(if: canInject, "strace is not installed"),
    arguments: [("$run", 1), ("$run", 2), ("$runAlone", 1), ("$runAlone", 2), ("$runAlone", 3), ("$runAlone", 4)])
  func aFolderThatCannotBeListedToItsEndPublishesNothing(run: String, call: Int) throws {
    let place = try Place()
    let finished = try place.shell(inject("getdents64", "EIO", call).replacing("$run", with: run))
    #expect(finished.status == 66, "\(finished.errors)")
    #expect(finished.errors.contains("[file-unreadable]"))
    #expect(place.data("out/run.json") == nil)
  }

  @Test(.enabled(if: canInject, "strace is not installed")) func recordsThatTheDiskDoesNotTakeAreNotTheFilesFault()
    throws
  {
    let place = try Place()
    var text = "unit,number\n"
    for number in 0..<40_000 { text += "Unit \(number % 50) \(String(repeating: "x", count: 900)),\(number)\n" }
    try place.write("inbox/large.csv", text)
    let pipeline = try #require(place.data("pipeline.yaml"))
    try place.write(
      "pipeline.yaml",
      String(decoding: pipeline, as: UTF8.self)
        + "\n    findings: [{kind: problem, from: unit}]\n    records: true\noutput: {formats: [json]}\n")
    // Of the cache, where records would lie as well, the run has no need.
    let finished = try place.shell(inject("pwrite64", "ENOSPC", 1) + " --no-cache")
    #expect(String(decoding: place.data("trace") ?? Data(), as: UTF8.self).contains("INJECTED"))
    #expect(finished.status == 74, "\(finished.errors)")
    #expect(finished.errors.contains("[disk-full]"))
    #expect(place.data("out/run.json") == nil)
  }

  @Test func aFileLimitIsAnErrorAndNotTheEndOfTheProcess() throws {
    let place = try Place()
    let finished = try place.shell("ulimit -f 1; $run")
    #expect(finished.status == 74, "\(finished.errors)")
  }

  @Test func closedStreamsCostNoOutput() throws {
    let place = try Place()
    #expect(try place.shell("$run").status == 0)
    #expect(try place.shell("$run <&- >&- 2>&-", out: "other").status == 0)
    #expect(place.data("out/run.json") == place.data("other/run.json"))
    #expect(place.data(".other.fieldtally.lock") == Data())
  }

  @Test func theOutputDoesNotGoIntoTheInbox() throws {
    let place = try Place()
    let finished = try place.shell("$run", out: "inbox/team/../out")
    #expect(finished.status == 73)
    #expect(finished.errors.contains("[output-in-inbox]"))
    #expect(try place.shell("ls -A inbox").output == "team\n")
  }

  @Test func aFileThatWasNotOpenedIsNotPassedOver() throws {
    let place = try Place()
    let finished = try place.shell("mkfifo inbox/b.csv; $run")
    #expect(finished.status == 1)
    #expect(finished.errors.contains("b.csv: error: not a regular file"))
    #expect(try place.shell("\"$program\" check . >/dev/null").status == 1)
  }

  @Test func messagesOfARunKeepWhatWasFoundToThemselves() throws {
    let place = try Place()
    try place.write("inbox/b.csv", "Li Si,13800000000\nWang Wu,13900000000\n")
    let finished = try place.shell("$run")
    #expect(finished.errors.contains("[header-not-found]"))
    #expect(!finished.errors.contains("13800000000"))
    #expect(!String(decoding: place.data("out/run.json") ?? Data(), as: UTF8.self).contains("13800000000"))
  }

  @Test(arguments: ["0", "1025"]) func numbersOfJobsThatCannotBeAreRefused(jobs: String) throws {
    let place = try Place()
    for command in ["check", "run"] {
      #expect(try place.shell("\"$program\" \(command) . --jobs \(jobs)").status == 64)
    }
  }

  @Test func headersThatNobodyReadsStayOutOfTheRunRecord() throws {
    let place = try Place()
    try place.write("inbox/b.csv", "unit,Li Si 13800000000\nSchool,x\n")
    #expect(try place.shell("$run").status == 0)
    #expect(!String(decoding: place.data("out/run.json") ?? Data(), as: UTF8.self).contains("13800000000"))
    #expect(String(decoding: place.data("out/notes.csv") ?? Data(), as: UTF8.self).contains("13800000000"))
  }

  @Test func aFileNameDoesNotSpeakToTheTerminal() throws {
    let place = try Place()
    let finished = try place.shell("cp inbox/team/a.csv $'\\e[31m.csv'; \"$program\" describe $'\\e[31m.csv'")
    #expect(finished.status == 0)
    #expect(!finished.output.contains("\u{1B}"))
  }

  @Test(arguments: ["en", "zh"]) func helpNamesEveryExitStatus(language: String) throws {
    let help = try Place().shell("LC_ALL=\(language)_XX.UTF-8 \"$program\" --help").output
    for status in ["64", "65", "66", "70", "73", "74", "75", "78"] { #expect(help.contains(status)) }
  }

  /// libxml2 and libxlsxwriter are opened when they are needed: a run that needs neither does not miss them.
  @Test(arguments: [
    ("libxml2.so", "output: {formats: [csv]}\n", "XML"),
    ("libxlsxwriter.so", "output: {formats: [csv, xlsx]}\n", "CSV"),
  ])
  func aLibraryThatIsMissingIsSaidWhenItIsNeeded(_ library: String, output: String, input: String) throws {
    let place = try Place()
    let found = try place.shell("/sbin/ldconfig -p | grep -o '\(library)\\.[0-9]*' | head -1").output
    let name = try #require(found.split(separator: "\n").first, "the loader does not know the library")
    let plain = """
      fieldtally: 1
      campaign: {id: t, title: T, language: en}
      sources:
        - {name: a, files: inbox/**/*.csv, unit: {name: unit, unknown: add}, fields: [{name: unit}, {name: number}]}
        - {name: b, files: inbox/**/*.xml, record: /all/one, unit: {name: unit, unknown: add}, fields: [{name: unit}]}

      """
    try place.write("pipeline.yaml", plain + "output: {formats: [csv]}\n")
    // The loader looks here first, and goes no further when what it finds is no library.
    try place.write("missing/\(name)", "no library")
    let run = "LD_LIBRARY_PATH=missing $run"
    #expect(try place.shell(run).status == 0)
    let earlier = try #require(place.data("out/units.csv"))

    try place.write("inbox/team/b.csv", "unit,number\nHospital,3\n")
    // More than one, so that several tasks miss it at once.
    for number in 0..<40 where input == "XML" {
      try place.write("inbox/team/\(number).xml", "<all><one><unit>School</unit></one></all>")
    }
    try place.write("pipeline.yaml", plain + output)
    let missing = try place.shell(run)
    #expect(missing.status == 69)
    #expect(missing.errors.contains("\(name): "))
    #expect(missing.errors.components(separatedBy: "[library-missing]").count == 2)
    #expect(place.data("out/units.csv") == earlier)
    let whole = try place.shell("$run")
    #expect(whole.status == 0 && place.data("out/units.csv") != earlier)
  }
}
