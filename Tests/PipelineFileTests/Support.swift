import Campaign
import Diagnostics
import Foundation
import PipelineFile
import Testing

struct NoSuchFile: Error {}

/// Loads `pipeline.yaml` with the other files of its folder given as text.
func load(
  _ text: String, _ others: [String: String] = [:], tables: [String] = [],
  isPattern: (String) -> String? = { _ in nil }
) -> LoadedPipeline {
  var files = others
  files["pipeline.yaml"] = text
  return load(files: files.mapValues { Array($0.utf8) }, tables: tables, isPattern: isPattern)
}

func load(
  files: [String: [UInt8]], tables: [String] = [], isPattern: (String) -> String? = { _ in nil }
) -> LoadedPipeline {
  PipelineLoader.load(folder: "campaign", tables: tables, isPattern: isPattern) { path in
    guard path.hasPrefix("campaign/"), let bytes = files[String(path.dropFirst("campaign/".count))] else {
      throw NoSuchFile()
    }
    return bytes
  }
}

let mark: Character = "⟦"

/// The text without its marks, and the line and column (bytes, from 1) of each.
func unmarked(_ text: String) -> (text: String, places: [String]) {
  var places: [String] = []
  var clean = ""
  var (line, column) = (1, 1)
  for character in text {
    if character == mark {
      places.append("\(line):\(column)")
      continue
    }
    clean.append(character)
    column += character.utf8.count
    if character == "\n" { (line, column) = (line + 1, 1) }
  }
  return (clean, places)
}

func messages(_ diagnostics: [Diagnostic]) -> String { diagnostics.map { $0.message(.en) }.joined(separator: "\n") }

/// The text of docs/pipeline.md, and the YAML block that is its example.
func documentation() throws -> (text: String, example: String) {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let text = try String(contentsOf: root.appending(path: "docs/pipeline.md"), encoding: .utf8)
  let start = try #require(text.range(of: "```yaml\n"))
  let end = try #require(text.range(of: "\n```", range: start.upperBound..<text.endIndex))
  return (text, String(text[start.upperBound..<end.lowerBound]) + "\n")
}

let interviews = """
  missingValues: ["", 无, /]
  primaryKey: [unit, visit_date]
  fields:
    - {name: unit, title: {zh: 单位, en: Unit}, x-aliases: [单位名称, 被访单位]}
    - {name: team, type: string}
    - name: visit_date
      type: date
      format: any
      constraints: {required: true, minimum: 2022-11-01}
      x-normalize: [width, excel-serial, campaign-year]
    - {name: method, x-codelist: method}
    - {name: highlights}
    - {name: problems}
    - {name: problem_category, x-codelist: category}
    - {name: score, type: integer, missingValues: [缺], constraints: {minimum: 0, maximum: 100}}

  """
