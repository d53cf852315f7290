import Diagnostics
import Foundation
import PipelineFile
import Testing

private func repeated(_ text: String, _ bytes: Int) -> String {
  String(repeating: text, count: bytes / text.utf8.count)
}

@Test(arguments: [
  "[", "{", "- ", "? ", "\"", "'", "a: ", "{a: ", "[a, ", "- a\n", "a\n", "&a ", "!a ", "*a ", "# a\n", "| ", "a: |\n",
  ",",
  "- - \n", "\u{4E2D}", "\"a\": ", "[]: ", "%a\n", "\t", "  ", "x", ">", "---\n", "? - ",
])
func anyRepetitionEndsQuickly(text: String) {
  for size in [2_000, 40_000] {
    let start = ContinuousClock.now
    let loaded = load(repeated(text, size))
    #expect(loaded.definition == nil)
    #expect(!loaded.diagnostics.isEmpty)
    #expect(loaded.diagnostics.count <= 201)
    let time = ContinuousClock.now - start
    #expect(time < .seconds(10), "\(size) bytes of \(text.debugDescription)")
  }
}

@Test(arguments: ["[", "x", "a: |\n", "*a "])
func aFileOfTheLargestSizeEndsQuickly(text: String) {
  let start = ContinuousClock.now
  let loaded = load(repeated(text, (4 << 20) - 1024))
  #expect(!loaded.diagnostics.isEmpty)
  #expect(ContinuousClock.now - start < .seconds(30))
}

private func laughs(_ levels: Int, last: (String) -> String) -> String {
  var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
  for level in 1...levels {
    let items = repeatElement("*a\(level - 1)", count: 9).joined(separator: ", ")
    text += "a\(level): &a\(level) [\(items)]\n"
  }
  return text + last("*a\(levels)")
}

@Test(arguments: [
  laughs(30) { "sources: \($0)\n" }, laughs(30) { "? \($0)\n: 1\n" }, laughs(30) { "{\($0) : 1, \($0) : 2}\n" },
  laughs(4) { "? \($0)\n: 1\n" },
])
func billionLaughsAreRefusedQuickly(text: String) {
  let start = ContinuousClock.now
  let loaded = load(text)
  #expect(loaded.definition == nil)
  #expect(!loaded.diagnostics.isEmpty)
  #expect(ContinuousClock.now - start < .seconds(2))
}

@Test func limitsAreTold() {
  let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
  #expect(load("a: \(deep)\n").diagnostics.map(\.rule) == [.pipelineTooLarge])
  #expect(load(String(repeating: " ", count: 4 << 20 + 1)).diagnostics.map(\.rule) == [.pipelineTooLarge])
  #expect(load("a: [\(repeated("a,", 300_000))]\n").diagnostics.map(\.rule) == [.pipelineTooLarge])
}

@Test func manyFaultsAreCut() {
  let loaded = load((0..<5_000).map { "key\($0): 1\n" }.joined())
  #expect(loaded.diagnostics.count == 201)
  #expect(loaded.diagnostics.last?.rule == .pipelineManyFaults)
  let twice = load("fieldtally: 1\n" + String(repeating: "a: 1\n", count: 40))
  #expect(twice.diagnostics.contains { $0.rule == .pipelineRepeatedKey })
}

/// SplitMix64.
private struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

private let pieces = [
  "*a", "&a ", "? ", ": ", "- ", "[", "]", "{", "}", "\"", "'", "|", ">", "\t", "\n", "\r", "\u{0}", "\u{FEFF}",
  "!!str ", "<<: ",
  "~", "%YAML 1.1\n", "---\n", "...\n", "\\", "，", "\u{E000}", "# ", "..", "/", "@", "{zh: }", "[[]]", "null",
]

@Test(arguments: 0..<4)
func mutatedFilesGiveADefinitionOrFaultsWithPlaces(part: Int) throws {
  let example = Array(try documentation().example.utf8)
  let schema = Array(interviews.utf8)
  for seed in (part * 1250)..<((part + 1) * 1250) {
    var generator = Generator(state: UInt64(seed))
    var files = ["pipeline.yaml": example, "schemas/interviews.yaml": schema]
    for _ in 0...Int.random(in: 0...3, using: &generator) {
      let file = Bool.random(using: &generator) ? "pipeline.yaml" : "schemas/interviews.yaml"
      mutate(&files[file, default: []], using: &generator)
    }
    let loaded = load(files: files)
    let errors = loaded.diagnostics.filter { $0.severity == .error }
    #expect((loaded.definition == nil) == !errors.isEmpty, "seed \(seed)")
    let hasPlaces = errors.allSatisfy { $0.location.line >= 1 && files[$0.location.file] != nil }
    #expect(hasPlaces, "seed \(seed)\n\(messages(loaded.diagnostics))")
  }
}

private func mutate(_ bytes: inout [UInt8], using generator: inout Generator) {
  guard !bytes.isEmpty else { return }
  let place = Int.random(in: 0..<bytes.count, using: &generator)
  let end = min(bytes.count, place + Int.random(in: 0...20, using: &generator))
  switch Int.random(in: 0..<6, using: &generator) {
  case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
  case 1: bytes.removeSubrange(place..<end)
  case 2: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
  case 3: bytes.removeSubrange(place...)
  default: bytes.insert(contentsOf: Array((pieces.randomElement(using: &generator) ?? "").utf8), at: place)
  }
}
