import Bytes
import Diagnostics

/// One event as libxml2 gave it, for `KnownMarkup` to learn.
enum MarkupEvent {
  struct Name {
    var local: [UInt8]
    var prefix: [UInt8]?
    var uri: [UInt8]?
  }
  struct Attribute {
    var name: Name
    var value: [UInt8]
  }
  case start(Name, [Attribute])
  case end
  case text([UInt8])
}

/// Reads a file once more, to write down all events.
@safe final class MarkupListener: PushParser {
  private var events: [MarkupEvent] = []

  /// The events of `text`; `nil` when there is anything to say about it.
  static func events(
    of text: [UInt8], limits: XMLLimits, assuming namespaces: [String: String]
  ) -> [MarkupEvent]? {
    guard let listener = try? MarkupListener(source: MemorySource(text), file: "", limits: limits) else { return nil }
    listener.assumedNamespaces = namespaces
    do throws(ReadError) { while try listener.advance() {} } catch { return nil }
    // XML 1.1 forbids characters that 1.0 has.
    return listener.undeclaredPrefix == nil && !listener.isVersion11 ? listener.events : nil
  }

  override func startElement(_ tag: StartTag) {
    var attributes: [MarkupEvent.Attribute] = []
    if let list = unsafe tag.attributes {
      for number in unsafe 0..<tag.attributeCount {
        // SAFETY: libxml2 hands over five pointers for each attribute; the last two bound its value.
        guard let local = unsafe list[5 * number], let start = unsafe list[5 * number + 3],
          let end = unsafe list[5 * number + 4]
        else { continue }
        let value = unsafe UnsafeBufferPointer(start: start, count: end - start)
        attributes.append(
          unsafe .init(name: name(local, list[5 * number + 1], list[5 * number + 2]), value: Array(value)))
      }
    }
    events.append(.start(unsafe name(tag.local, tag.prefix, tag.uri), attributes))
  }

  override func endElement() { events.append(.end) }
  override func text(_ bytes: UnsafeBufferPointer<UInt8>) { events.append(.text(unsafe Array(bytes))) }

  private func name(
    _ local: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?
  ) -> MarkupEvent.Name {
    func bytes(_ text: UnsafePointer<UInt8>) -> [UInt8] { unsafe Array(String(cString: text).utf8) }
    return unsafe .init(local: bytes(local), prefix: prefix.map(bytes), uri: uri.map(bytes))
  }
}

/// Markup of a sound document that is not part of a value: a tag, a comment, a processing instruction, its declaration.
struct MarkupToken {
  enum Kind { case start, end, empty, other }
  var kind: Kind
  var range: Range<Int>

  /// All of `text`; `nil` when it is no sound document.
  static func all(of text: Span<UInt8>) -> [MarkupToken]? {
    var tokens: [MarkupToken] = []
    var at = 0
    while at < text.count {
      let start = at
      guard text[start] == UInt8(ascii: "<") else {
        at += 1
        continue
      }
      var kind = Kind.other
      var end: Int?
      if text.begins(with: "<?", at: start) {
        end = text.end(of: "?>", from: start + 2)
      } else if text.begins(with: "<!--", at: start) {
        end = text.end(of: "-->", from: start + 4)
      } else if text.begins(with: XMLValue.sectionStart, at: start) {
        guard let behind = text.end(of: "]]>", from: start) else { return nil }
        at = behind
        continue
      } else if text.begins(with: "</", at: start) {
        kind = .end
        end = text.end(of: ">", from: start)
      } else if let behind = endOfTag(in: text, from: start) {
        kind = text[behind - 2] == UInt8(ascii: "/") ? .empty : .start
        end = behind
      }
      guard let end else { return nil }
      tokens.append(MarkupToken(kind: kind, range: start..<end))
      at = end
    }
    return tokens
  }

  /// The place behind the `>` of a start tag; in quotes it may stand too.
  private static func endOfTag(in text: Span<UInt8>, from start: Int) -> Int? {
    var quote: UInt8 = 0
    for index in start..<text.count {
      let byte = text[index]
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        return index + 1
      }
    }
    return nil
  }
}
