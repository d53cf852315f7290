import Campaign

/// Names of months in the languages that a field declares, and the small words between day, month and year. A date is
/// rewritten with English names, which every reader knows: `3. März 2022`, `1er août 2022`, `3 de noviembre de 2022`.
///
/// A class, so that the readers that hold it are copied without touching it where there is none.
final class MonthWords: Sendable {
  private let months: [[UInt8]: Int]
  private let fillers: Set<[UInt8]>
  private static let english: [[UInt8]] = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ].map { Array($0.utf8) }

  /// `nil` when the languages add nothing to what is known anyway.
  init?(_ locales: [DateLocale]) {
    var months: [[UInt8]: Int] = [:]
    var fillers: Set<[UInt8]> = []
    for locale in locales {
      let (names, words) = Self.words(of: locale)
      for (place, name) in names.enumerated() {
        for form in name.split(separator: "|") { months[Array(form.utf8)] = place % 12 }
      }
      fillers.formUnion(words.map { Array($0.utf8) })
    }
    guard !months.isEmpty else { return nil }
    (self.months, self.fillers) = (months, fillers)
  }

  private static func words(of locale: DateLocale) -> (months: [String], fillers: [String]) {
    switch locale {
    case .en, .zh: ([], [])
    case .de:
      (
        [
          "januar|jänner|jan", "februar|feber|feb", "märz|maerz|mär|mrz", "april|apr", "mai", "juni|jun", "juli|jul",
          "august|aug", "september|sept|sep", "oktober|okt", "november|nov", "dezember|dez",
        ], ["der", "den", "dem"]
      )
    case .fr:
      (
        [
          "janvier|janv|jan", "février|fevrier|févr|fév|fevr", "mars", "avril|avr", "mai", "juin", "juillet|juil",
          "août|aout", "septembre|sept", "octobre|oct", "novembre|nov", "décembre|decembre|déc|dec",
        ], ["le", "er"]
      )
    case .es:
      (
        [
          "enero|ene", "febrero|feb", "marzo|mar", "abril|abr", "mayo|may", "junio|jun", "julio|jul", "agosto|ago",
          "septiembre|setiembre|sept|sep", "octubre|oct", "noviembre|nov", "diciembre|dic",
        ], ["de", "del", "el"]
      )
    }
  }

  /// The cell with the words of the languages replaced; `nil` when it has none of them.
  func rewrite(_ cell: Span<UInt8>) -> [UInt8]? {
    guard cell.count <= 128 else { return nil }
    var result: [UInt8] = []
    var word: [UInt8] = []
    var isChanged = false
    func flush(behind next: UInt8?) -> Bool {
      defer { word.removeAll() }
      if let month = months[word] {
        result.append(contentsOf: Self.english[month])
        // The point of an abbreviation says nothing.
        return next == UInt8(ascii: ".")
      }
      if fillers.contains(word) {
        isChanged = true
        return false
      }
      result.append(contentsOf: word)
      return false
    }
    var index = 0
    while index < cell.count {
      let byte = cell[index]
      if isLetter(UInt32(byte)) {
        word.append(byte | 0x20)
        index += 1
      } else if byte == 0xC3, index + 1 < cell.count {
        // À…Þ are à…þ with another bit, as in ASCII.
        word.append(byte)
        word.append((0x80...0x9E).contains(cell[index + 1]) ? cell[index + 1] | 0x20 : cell[index + 1])
        index += 2
      } else {
        if !word.isEmpty {
          if months[word] != nil { isChanged = true }
          if flush(behind: byte) {
            index += 1
            continue
          }
        }
        result.append(byte)
        index += 1
      }
    }
    if !word.isEmpty {
      if months[word] != nil { isChanged = true }
      _ = flush(behind: nil)
    }
    return isChanged ? result : nil
  }
}
