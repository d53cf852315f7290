import ArgumentParser
import Diagnostics
import Pipeline

struct SegmentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segment",
    abstract: say("只做前一半：读取并检查，留下分段文件。", "The first half of a run: read and check, and leave a segment file."),
    discussion: say(
      """
      例：fieldtally segment 我的督查 --inbox 上报-1 --out 1.segments
          fieldtally run 我的督查 --segments 1.segments 2.segments
      结果与一次读取全部文件相同，逐字节一致。分段文件里有记录原文，只有生成者能打开。
      """,
      """
      Example: fieldtally segment my-campaign --inbox part-1 --out 1.segments
               fieldtally run my-campaign --segments 1.segments 2.segments
      The outputs are those of one run over all files, byte for byte. Segment files hold records; only their maker may open
      them.
      """))

  @ArgumentParser.Argument(help: ArgumentHelp(say("督查文件夹", "the campaign's folder")))
  var folder: String
  @Option(help: ArgumentHelp(say("收件夹（默认：督查文件夹下的 inbox）", "the inbox (default: inbox in the campaign's folder)")))
  var inbox: String?
  @Option(help: ArgumentHelp(say("分段文件", "the segment file")))
  var out: String
  @Option(help: ArgumentHelp(say("规则中 today 所指的日期（默认：今天）", "the day that rules call today (default: today)")))
  var asOf: String?
  @Option(help: ArgumentHelp(say("并行任务数", "tasks at once")))
  var jobs: Int?
  @OptionGroup var common: CommonOptions

  func validate() throws { try checkJobs(jobs) }

  func run() async throws {
    var options = RunOptions(folder: folder)
    options.inbox = inbox
    options.asOf = asOf
    options.jobs = jobs
    do throws(RunFailure) {
      let outcome = try await Pipeline.segment(options, to: out)
      let language = common.lang?.language ?? outcome.language
      show(outcome.diagnostics.filter { $0.severity != .note }, language, keepsFound: false)
      printOut(
        language == .zh
          ? "\(outcome.files) 个文件，\(outcome.records) 条记录：\(out)\n"
          : "\(outcome.files) files, \(outcome.records) records: \(out)\n")
      endProgram(outcome.exitStatus)
    } catch {
      show(error.diagnostics, common.lang?.language ?? systemLanguage, keepsFound: true)
      endProgram(error.exitStatus)
    }
  }
}
