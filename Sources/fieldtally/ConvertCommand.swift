import ArgumentParser
import Diagnostics
import Pipeline

/// What describe and convert let a person say about a file.
struct FileOptions: ParsableArguments {
  @Option(help: ArgumentHelp(say("编码，如 gb18030（默认：自动识别）", "encoding, such as gb18030 (default: sniffed)")))
  var encoding: String?
  @Option(help: ArgumentHelp(say("分隔符，\\t 为制表符", "delimiter; \\t is a tab")))
  var delimiter: String?
  @Option(help: ArgumentHelp(say("引号，none 为没有", "quote; none for none")))
  var quote: String?
  @Option(help: ArgumentHelp(say("转义符，none 为没有", "escape character; none for none")))
  var escape: String?
  @Option(help: ArgumentHelp(say("表头行数，0 为没有表头", "rows of the header; 0 for none")))
  var headerRows: Int?
  @Option(help: ArgumentHelp(say("表头以上的行数", "rows above the header")))
  var skip: Int?
  @Option(
    help: ArgumentHelp(say("XML 的记录路径，如 /responses/response", "path of the record of XML, such as /responses/response"))
  )
  var record: String?
  @Option(help: ArgumentHelp(say("压缩包内的文件名", "name of a file inside an archive")))
  var member: String?
  @Option(help: ArgumentHelp(say("工作簿的工作表名", "name of a sheet of a workbook")))
  var sheet: String?

  func validate() throws {
    if let headerRows, !(0...20).contains(headerRows) {
      throw ValidationError(say("--header-rows 应为 0 至 20", "--header-rows must be 0 to 20"))
    }
    if let skip, !(0...10_000).contains(skip) {
      throw ValidationError(say("--skip 应为 0 至 10000", "--skip must be 0 to 10000"))
    }
  }

  var reading: ReadOptions {
    var options = ReadOptions()
    options.encoding = encoding
    options.delimiter = delimiter
    options.quote = quote
    options.escape = escape
    options.headerRows = headerRows
    options.skip = skip
    options.record = record
    options.member = member
    options.sheet = sheet
    return options
  }
}

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: say("把任何可读的文件转成干净的 UTF-8 CSV。", "Any readable file as clean UTF-8 CSV on standard output."),
    discussion: say(
      "例：fieldtally convert 访谈台账.csv > 干净.csv", "Example: fieldtally convert ledger.csv > clean.csv"))

  @ArgumentParser.Argument(
    help: ArgumentHelp(
      say("CSV、TSV、XML 或 .xlsx 文件，或其 .gz、.zip", "a CSV, TSV, XML or .xlsx file, or a .gz or .zip of it")))
  var file: String
  @OptionGroup var options: FileOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let language = common.lang?.language ?? systemLanguage
    do throws(RunFailure) {
      let notes = try convert(file, options.reading) { printOut($0) }
      show(notes, language, keepsFound: true)
      endProgram(0)
    } catch {
      show(error.diagnostics, language, keepsFound: true)
      endProgram(error.exitStatus)
    }
  }
}
