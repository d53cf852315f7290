/// The languages in which everything that a person sees exists.
package enum Language: String, Sendable, CaseIterable {
  case zh, en
}

/// A text in both languages.
package struct LocalizedText: Hashable, Sendable {
  package var zh: String
  package var en: String

  package init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }

  /// The same text in both languages: a name or a code that has no translation.
  package init(_ both: String) { self.init(zh: both, en: both) }

  package subscript(language: Language) -> String { language == .zh ? zh : en }
}
