import ArgumentParser
import CLateLibraries
import CSystem
import Diagnostics
import Glibc
import Pipeline

@main
enum Program {
  static func main() {
    // A reader that goes away is an error of write(), not a reason to be killed.
    signal(SIGPIPE, SIG_IGN)
    // The same for a file beyond `ulimit -f`.
    signal(SIGXFSZ, SIG_IGN)
    holdStandardStreams()
    unsafe ftally_on_missing_library(endForMissing)
    ftally_keep_memory()
    expectCampaignFolder()
    // An asynchronous `main` would have libdispatch unwind this thread and set up a queue for it that nobody needs.
    // The priority is that of what was begun above: tasks of one priority share their threads.
    Task.detached(priority: .userInitiated) {
      let command: any ParsableCommand
      do { command = try Fieldtally.parsed() } catch { Fieldtally.exit(withError: error) }
      await Fieldtally.run(command)
      endProgram(0)
    }
    while true { pause() }
  }
}

struct Fieldtally: AsyncParsableCommand {
  /// What the arguments ask for. Nearly always that is a run, and all commands have many options to look at.
  static func parsed() throws -> any ParsableCommand {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "run", let run = try? RunCommand.parse(Array(arguments.dropFirst())) { return run }
    return try parseAsRoot()
  }

  static func run(_ command: any ParsableCommand) async {
    do {
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        var command = command
        try command.run()
      }
    } catch { exit(withError: error) }
  }

  static let configuration = CommandConfiguration(
    commandName: "fieldtally",
    abstract: say("从各组上报的文件到统计结果。", "From the files of an inspection campaign to its statistics."),
    discussion: say(
      """
      例：
        fieldtally init 我的督查                     新建一个督查
        fieldtally describe 访谈台账.csv             看一个文件：编码、分隔符、列
        fieldtally convert 访谈台账.csv > 干净.csv    转成干净的 UTF-8 CSV
        fieldtally check 我的督查                    只检查，不写任何文件
        fieldtally run 我的督查                      检查、统计，结果在 我的督查/out
        fieldtally run 我的督查 --inbox 上报 --out 结果 --as-of 2022-11-30
        fieldtally explain unit-unknown              解释一条提示：原因、怎么办、示例

      退出状态：0 已发布；1 已发布，但有记录或文件被退回，或有更正未采用；64 用法不对；65 输入不可用；66 输入不存在；69 缺少程序库；
      70 程序自身的错误；73 无法建立输出；74 读写出错；75 另一次运行正在进行；78 流程文件有错。LANG=en_US.UTF-8 或 --lang en 显示英文。
      """,
      """
      Examples:
        fieldtally init my-campaign                  a new campaign from a template
        fieldtally describe ledger.csv               what is in a file: encoding, dialect, columns
        fieldtally convert ledger.csv > clean.csv    the same file as clean UTF-8 CSV
        fieldtally check my-campaign                 validate only, nothing is written
        fieldtally run my-campaign                   everything, into my-campaign/out
        fieldtally run my-campaign --inbox handed-in --out results --as-of 2022-11-30
        fieldtally explain unit-unknown              a message explained: why, what to do, an example

      Exit status: 0 published; 1 published, but records or files were rejected or corrections not applied; 64 usage; 65
      input unusable; 66 input missing; 69 a library missing; 70 our own mistake; 73 cannot create output; 74 input/output
      error; 75 another run is at work; 78 pipeline wrong. Set LANG=zh_CN.UTF-8 or give --lang zh to read all this in Chinese.
      """),
    version: fieldtallyVersion,
    subcommands: [
      RunCommand.self, CheckCommand.self, SegmentCommand.self, DescribeCommand.self, ConvertCommand.self,
      InitCommand.self,
      ExplainCommand.self,
    ])
}

/// `run FOLDER …` is how nearly all runs begin. ArgumentParser takes its time, and says later whether it was meant so.
private func expectCampaignFolder() {
  let arguments = CommandLine.arguments
  let isShared = !arguments.contains { $0.hasPrefix("--jobs") }
  if arguments.count > 2, arguments[1] == "run", !arguments[2].hasPrefix("-"), isShared, processors > 1 {
    expectCampaign(arguments[2])
  }
}

struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp(say("显示语言：zh 或 en", "language of messages: zh or en")))
  var lang: Lang?
}

enum Lang: String, ExpressibleByArgument, CaseIterable {
  case zh, en
  var language: Language { self == .zh ? .zh : .en }
}

func checkJobs(_ jobs: Int?) throws {
  if let jobs, !(1...1024).contains(jobs) {
    throw ValidationError(say("--jobs 应为 1 至 1024", "--jobs must be 1 to 1024"))
  }
}

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: say("检查、统计并输出。", "Check, tally and publish."),
    discussion: say(
      "例：fieldtally run 我的督查 --inbox 上报 --out 结果", "Example: fieldtally run my-campaign --inbox handed-in --out results"
    ))

  @ArgumentParser.Argument(
    help: ArgumentHelp(say("督查文件夹，内有 pipeline.yaml", "the campaign's folder, which holds pipeline.yaml")))
  var folder: String
  @Option(help: ArgumentHelp(say("收件夹（默认：督查文件夹下的 inbox）", "the inbox (default: inbox in the campaign's folder)")))
  var inbox: String?
  @Option(
    help: ArgumentHelp(say("输出文件夹（默认：督查文件夹下的 out）", "where the output goes (default: out in the campaign's folder)")))
  var out: String?
  @Option(help: ArgumentHelp(say("统计截至日期（默认：今天）", "the day as of which to tally, 2022-11-30 (default: today)")))
  var asOf: String?
  @Option(help: ArgumentHelp(say("并行任务数（默认：处理器数）", "tasks at once (default: number of processors)")))
  var jobs: Int?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      say("用 fieldtally segment 生成的分段文件代替收件夹", "segment files of `fieldtally segment` that stand for the inbox")))
  var segments: [String] = []
  @Flag(
    help: ArgumentHelp(
      say("不用也不留缓存（督查文件夹下的 cache）", "neither use nor leave a cache (cache in the campaign's folder)")))
  var noCache = false
  @Flag(
    help: ArgumentHelp(
      say("更正工作表照原样显示个人信息（x-personal: direct）", "show direct identifiers (x-personal) in the work lists")))
  var showPersonal = false
  @Flag(help: ArgumentHelp(say("不显示总览", "do not print the summary")))
  var quiet = false
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try checkJobs(jobs)
    if inbox != nil, !segments.isEmpty {
      throw ValidationError(say("--inbox 和 --segments 只能用一个", "--inbox and --segments exclude each other"))
    }
  }

  func run() async throws {
    var options = RunOptions(folder: folder)
    options.inbox = inbox
    options.out = out
    options.asOf = asOf
    options.jobs = jobs
    options.segments = segments
    options.usesCache = !noCache
    options.showsPersonal = showPersonal
    do throws(RunFailure) {
      let outcome = try await Pipeline.run(options)
      let language = common.lang?.language ?? outcome.language
      show(outcome.diagnostics, language, keepsFound: false)
      if !quiet { printOut(outcome.summary) }
      // The process ends: to let go of what the run holds would be work for nothing.
      withExtendedLifetime(outcome) { endProgram($0.exitStatus) }
    } catch {
      show(error.diagnostics, common.lang?.language ?? systemLanguage, keepsFound: true)
      endProgram(error.exitStatus)
    }
  }
}

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: say("只检查：列出每处问题，不写任何文件。", "Validate only: every fault with its place; nothing is written."),
    discussion: say(
      "例：fieldtally check 我的督查 --json > 问题.json", "Example: fieldtally check my-campaign --json > faults.json"))

  @ArgumentParser.Argument(help: ArgumentHelp(say("督查文件夹", "the campaign's folder")))
  var folder: String
  @Option(help: ArgumentHelp(say("收件夹", "the inbox")))
  var inbox: String?
  @Option(help: ArgumentHelp(say("并行任务数", "tasks at once")))
  var jobs: Int?
  @Flag(help: ArgumentHelp(say("以 JSON 输出，供程序读取", "print JSON, for programs")))
  var json = false
  @OptionGroup var common: CommonOptions

  func validate() throws { try checkJobs(jobs) }

  func run() async throws {
    var options = RunOptions(folder: folder)
    options.inbox = inbox
    options.jobs = jobs
    do throws(RunFailure) {
      let outcome = try await Pipeline.check(options)
      let language = common.lang?.language ?? outcome.language
      if json {
        printOut(String(decoding: outcome.report(), as: UTF8.self))
      } else {
        printOut(outcome.diagnostics.map { $0.message(language) + "\n" }.joined())
        printOut(outcome.counts.map { "\($0.count)\t\($0.rule.id)\t\($0.rule.title[language])\n" }.joined())
        printOut(
          language == .zh
            ? "\(outcome.files) 个文件，\(outcome.records) 条记录，退回 \(outcome.rejected) 条\n"
            : "\(outcome.files) files, \(outcome.records) records, \(outcome.rejected) rejected\n")
      }
      endProgram(outcome.exitStatus)
    } catch {
      show(error.diagnostics, common.lang?.language ?? systemLanguage, keepsFound: true)
      endProgram(error.exitStatus)
    }
  }
}

struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: say("看文件里有什么：编码及依据、格式、列、记录数。", "What is in a file: encoding and why, dialect, columns, records."),
    discussion: say("例：fieldtally describe 访谈台账.csv 问卷.xml", "Example: fieldtally describe ledger.csv answers.xml"))

  @ArgumentParser.Argument(help: ArgumentHelp(say("一个或多个文件", "one or more files")))
  var files: [String]
  @Flag(help: ArgumentHelp(say("以 JSON 输出，供程序读取", "print JSON, for programs")))
  var json = false
  @OptionGroup var options: FileOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let language = common.lang?.language ?? systemLanguage
    var status: Int32 = 0
    for file in files {
      do throws(RunFailure) {
        for found in try describe(file, options.reading) {
          do throws(RunFailure) {
            let description = try found.get()
            printOut(json ? String(decoding: description.json(), as: UTF8.self) : description.text(language))
          } catch {
            show(error.diagnostics, language, keepsFound: true)
            status = error.exitStatus
          }
        }
      } catch {
        show(error.diagnostics, language, keepsFound: true)
        status = error.exitStatus
      }
    }
    endProgram(status)
  }
}

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: say("新建一个可以运行的督查。", "Make a new campaign that runs as it is."),
    discussion: say("例：fieldtally init 我的督查", "Example: fieldtally init my-campaign"))

  @ArgumentParser.Argument(help: ArgumentHelp(say("新文件夹", "the new folder")))
  var folder: String
  @OptionGroup var common: CommonOptions

  func run() throws {
    let language = common.lang?.language ?? systemLanguage
    do throws(RunFailure) {
      for path in try initCampaign(folder, language: language) { printOut("\(folder)/\(path)\n") }
      printOut(language == .zh ? "下一步：fieldtally run \(folder)\n" : "Next: fieldtally run \(folder)\n")
    } catch {
      show(error.diagnostics, language, keepsFound: true)
      endProgram(error.exitStatus)
    }
  }
}
