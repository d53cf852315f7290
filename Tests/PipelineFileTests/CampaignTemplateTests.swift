import Bytes
import Campaign
import Diagnostics
import PipelineFile
import Testing

@Test(arguments: Language.allCases)
func theTemplateLoads(language: Language) throws {
  let files = Dictionary(uniqueKeysWithValues: CampaignTemplate.files(language: language).map { ($0.path, $0.text) })
  let loaded = load(files: files.mapValues { Array($0.utf8) })
  #expect(loaded.diagnostics.isEmpty, "\(messages(loaded.diagnostics))")
  let campaign = try #require(loaded.definition)
  #expect(campaign.language == language)
  #expect(campaign.sources.count == 1)

  let references = ReferenceLoader.load(campaign) { path in
    guard let text = files[path] else { throw NoSuchFile() }
    let lines = text.drop { $0 == "\u{FEFF}" }.split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let rows = lines.dropFirst().enumerated().map { (line: $0.offset + 2, cells: $0.element) }
    return CellTable(headers: lines[0], rows: rows)
  }
  #expect(references.diagnostics.isEmpty, "\(messages(references.diagnostics))")
  #expect(references.roster.units.allSatisfy { $0.region != nil && $0.team != nil && $0.isPlanned })
  #expect(references.codeLists.map(\.entries.count) == [4, 3])
}

@Test(arguments: Language.allCases)
func theInboxOfTheTemplateFitsItsSource(language: Language) throws {
  let files = CampaignTemplate.files(language: language)
  let inbox = files.filter { $0.path.hasPrefix("inbox/") }
  #expect(inbox.count == 1)
  let schema = try #require(files.first { $0.path == "schemas/interviews.yaml" }).text
  let header = try #require(inbox.first?.text.dropFirst().split(separator: "\n").first)
  for name in header.split(separator: ",") { #expect(schema.contains(name), "\(name)") }
  let lines = inbox.reduce(0) { $0 + $1.text.split(separator: "\n").count }
  #expect(lines >= 7)
}
