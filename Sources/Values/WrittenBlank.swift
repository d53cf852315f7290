import Bytes

/// Whether `text` says that there is nothing to say: it is empty, or one of 无, 暂无, 没有, N/A, none, nil … in any case
/// and width, with or without a full stop behind it, or nothing but dashes and slashes.
package func isWrittenBlank(_ text: Span<UInt8>) -> Bool {
  var range = trimmed(text)
  // The longest blank, 暂时没有 and a full stop, has 15 bytes; findings are longer, and leave here.
  guard range.count <= 24 else { return false }
  while let length = sentenceEndLength(text, before: range.upperBound, from: range.lowerBound) {
    range = trimmed(text, in: range.lowerBound..<(range.upperBound - length))
  }
  if range.isEmpty || isOnlyDashes(text, range) { return true }
  return blankWords.find(text.extracting(range)) != nil
}

private let blankWords: ByteTable = {
  var table = ByteTable()
  let chinese = ["无", "暂无", "没有", "暂时没有", "暂没有", "無", "暫無", "沒有", "暫時沒有", "未发现", "未發現", "（无）", "(无)"]
  let english = ["n/a", "n.a", "na", "none", "nil", "null", "Ｎ／Ａ", "ｎ／ａ"]
  for word in chinese { table.insert(word, 1) }
  for word in english {
    for form in [word, word.uppercased(), word.prefix(1).uppercased() + word.dropFirst()] { table.insert(form, 1) }
  }
  return table
}()

/// Bytes of the `。` `.` `；` `;` that ends before `end`.
private func sentenceEndLength(_ text: Span<UInt8>, before end: Int, from start: Int) -> Int? {
  guard end > start else { return nil }
  if text[end - 1] == UInt8(ascii: ".") || text[end - 1] == UInt8(ascii: ";") { return 1 }
  guard end - start >= 3 else { return nil }
  switch (text[end - 3], text[end - 2], text[end - 1]) {
  case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x9B): return 3
  default: return nil
  }
}

/// Whether `range` holds only `-` `–` `—` `―` `−` `－` `/` `／` `\`.
private func isOnlyDashes(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
  var index = range.lowerBound
  while index < range.upperBound {
    switch text[index] {
    case UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "\\"): index += 1
    default:
      guard index + 2 < range.upperBound else { return false }
      switch (text[index], text[index + 1], text[index + 2]) {
      case (0xE2, 0x80, 0x93...0x95), (0xE2, 0x88, 0x92), (0xEF, 0xBC, 0x8D), (0xEF, 0xBC, 0x8F): index += 3
      default: return false
      }
    }
  }
  return true
}
