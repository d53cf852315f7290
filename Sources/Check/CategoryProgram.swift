import Bytes
import Campaign
import Diagnostics
import Records
import Values

/// Tells the category of a finding by its number or its words.
final class CategoryProgram: Sendable {
  private struct Keyword: Sendable {
    /// Letters of ASCII in lower case.
    var word: [UInt8]
    var pattern: PatternReplacer?
  }
  private let takesNumber: Bool
  private let rules: [(category: WordNumber, keywords: [Keyword])]
  private let otherwise: WordNumber
  private let codes: ByteTable

  init(_ rules: CategoryRules, categories: CodeList, codeLists: [CodeList]) throws(PatternError) {
    func place(_ code: String) -> WordNumber {
      categories.place(ofCode: code).map(WordNumber.init(listed:)) ?? .none
    }
    var codes = ByteTable()
    for (place, entry) in categories.entries.enumerated() { codes.insert(entry.code, Int32(place)) }
    self.codes = codes
    takesNumber = rules.takesNumber
    otherwise = rules.otherwise.map(place) ?? .none
    var compiled: [(category: WordNumber, keywords: [Keyword])] = []
    let listed = rules.list.flatMap { name in codeLists.first { $0.name == name } }?.entries ?? []
    for (code, words) in listed.map({ ($0.code, $0.keywords) }) + rules.keywords.map({ ($0.code, $0.words) }) {
      var keywords: [Keyword] = []
      for word in words where !word.isEmpty {
        if word.count > 2, word.hasPrefix("/"), word.hasSuffix("/") {
          let pattern = try Pattern(String(word.dropFirst().dropLast()))
          keywords.append(Keyword(word: [], pattern: PatternReplacer(pattern, with: "")))
        } else {
          keywords.append(Keyword(word: word.utf8.map(Self.lower), pattern: nil))
        }
      }
      compiled.append((place(code), keywords))
    }
    self.rules = compiled
  }

  func category(of text: Span<UInt8>) -> WordNumber {
    if takesNumber, let place = number(of: text) { return WordNumber(listed: place) }
    for rule in rules {
      for keyword in rule.keywords {
        let fits = keyword.pattern.map { $0.firstGroup(in: text) != nil } ?? Self.contains(keyword.word, in: text)
        if fits { return rule.category }
      }
    }
    return otherwise
  }

  /// Place of the category whose code is the number that begins the text.
  private func number(of text: Span<UInt8>) -> Int? {
    var end = 0
    while end < text.count, end < 8, text[end] &- 0x30 < 10 { end += 1 }
    return end == 0 ? nil : codes.find(text.extracting(0..<end)).map(Int.init)
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  private static func contains(_ word: [UInt8], in text: Span<UInt8>) -> Bool {
    guard let first = word.first, text.count >= word.count else { return false }
    for start in 0...(text.count - word.count) where lower(text[start]) == first {
      var offset = 1
      while offset < word.count, lower(text[start + offset]) == word[offset] { offset += 1 }
      if offset == word.count { return true }
    }
    return false
  }
}

extension CodeList {
  /// Takes over the categories that rules may give.
  mutating func adopt(_ rules: CategoryRules?, codeLists: [CodeList]) {
    guard let rules else { return }
    func adopt(_ entry: Entry) { if !entries.contains(where: { $0.code == entry.code }) { append(entry) } }
    let own = codeLists.first { $0.name == rules.list ?? "category" }
    for entry in own?.entries ?? [] { adopt(entry) }
    for code in rules.keywords.map(\.code) + [rules.otherwise].compactMap({ $0 }) {
      adopt(Entry(code: code, label: LocalizedText(code)))
    }
  }
}
