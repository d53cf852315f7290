import Bytes

/// Learning: what libxml2 said of a file, cut into runs.
extension KnownMarkup {
  /// A run of one file, before it is known whether it is new.
  private struct Stretch {
    var bytes: Range<Int>
    var events: [Item] = []
    /// Start tags of the elements that are open behind it.
    var open: [[UInt8]] = []
  }
  private struct Item {
    var event: MarkupEvent
    /// Index behind which the parser stood.
    var at: Int
  }

  /// Takes up the runs of `file`, which `listened` has the events of.
  ///
  /// - Parameter intern: the pointer by which the parser knows a name.
  mutating func learn(_ file: [UInt8], _ listened: [MarkupEvent], intern: ([UInt8]) -> UnsafePointer<UInt8>?) {
    guard let stretches = Self.stretches(of: file, listened) else { return }
    var place: Int32 = 0
    for number in stretches.indices {
      let stretch = stretches[number]
      let isLast = number == stretches.count - 1
      let siblings = runs(at: place)
      if let known = siblings.first(where: { isRun($0, file[stretch.bytes], isLast: isLast) }) {
        place = runs[known].place
        continue
      }
      guard siblings.count < Self.mostSiblings else { return }
      let next = isLast ? 0 : self.place(of: stretch.open)
      unsafe add(stretch, of: file, at: place, next, isLast: isLast, intern)
      place = next
    }
  }

  private func runs(at place: Int32) -> [Int] {
    var numbers: [Int] = []
    var number = firstRuns[Int(place)]
    while number >= 0 {
      numbers.append(Int(number))
      number = runs[Int(number)].sibling
    }
    return numbers
  }

  private func isRun(_ number: Int, _ bytes: ArraySlice<UInt8>, isLast: Bool) -> Bool {
    let run = runs[number]
    return run.isLast == isLast && text[Int(run.start)..<Int(run.start + run.count)] == bytes
  }

  private mutating func place(of open: [[UInt8]]) -> Int32 {
    var place: Int32 = 0
    for tag in open {
      let key = Place(around: place, tag: tag)
      if let known = places[key] {
        place = known
      } else {
        place = Int32(firstRuns.count)
        places[key] = place
        firstRuns.append(-1)
      }
    }
    return place
  }

  private mutating func add(
    _ stretch: Stretch, of file: [UInt8], at place: Int32, _ next: Int32, isLast: Bool,
    _ intern: ([UInt8]) -> UnsafePointer<UInt8>?
  ) {
    let start = stretch.bytes.lowerBound
    let firstEvent = Int32(events.count)
    for item in stretch.events {
      let lines = count(UInt8(ascii: "\n"), in: file.span.extracting(start..<item.at))
      var event = Event(kind: .end, offset: Int32(item.at - start), lines: Int32(lines))
      switch item.event {
      case .end: break
      case .start(let name, let attributes):
        guard let tag = unsafe startTag(name, attributes, intern) else { return }
        event.kind = .start
        event.tag = Int32(unsafe tags.count)
        unsafe tags.append(tag)
      case .text(let bytes):
        event.kind = .text
        event.bytes = Int32(text.count)..<Int32(text.count + bytes.count)
        text.append(contentsOf: bytes)
      }
      events.append(event)
    }
    let lines = count(UInt8(ascii: "\n"), in: file.span.extracting(stretch.bytes))
    runs.append(
      Run(
        start: Int32(text.count), count: Int32(stretch.bytes.count), lineFeeds: Int32(lines),
        events: firstEvent..<Int32(events.count), place: next, sibling: firstRuns[Int(place)], isLast: isLast))
    text.append(contentsOf: file[stretch.bytes])
    firstRuns[Int(place)] = Int32(runs.count - 1)
  }

  private func startTag(
    _ name: MarkupEvent.Name, _ attributes: [MarkupEvent.Attribute], _ intern: ([UInt8]) -> UnsafePointer<UInt8>?
  ) -> StartTag? {
    guard let local = unsafe intern(name.local) else { return nil }
    var list: [UnsafePointer<UInt8>?] = unsafe []
    for attribute in attributes {
      let value = unsafe store.keep(attribute.value)
      let name = attribute.name
      unsafe list.append(intern(name.local))
      unsafe list.append(name.prefix.flatMap(intern))
      unsafe list.append(name.uri.flatMap(intern))
      unsafe list.append(value.baseAddress)
      unsafe list.append(value.baseAddress.map { unsafe $0 + value.count })
    }
    return unsafe StartTag(
      local: local, prefix: name.prefix.flatMap(intern), uri: name.uri.flatMap(intern),
      attributeCount: attributes.count, attributes: store.keep(list))
  }

  /// Cuts `file` where values begin and end: behind a start tag that has nothing but text before its end tag, and where text
  /// is more than white space. `nil` when it cannot be cut so that each event has its place.
  private static func stretches(of file: [UInt8], _ listened: [MarkupEvent]) -> [Stretch]? {
    guard let tokens = MarkupToken.all(of: file.span) else { return nil }
    var stretches: [Stretch] = []
    var stretch = Stretch(bytes: 0..<0)
    var open: [[UInt8]] = []
    var event = 0
    var isBehindValue = false
    for number in tokens.indices {
      let token = tokens[number]
      if token.kind != .other {
        // A value is not part of a run.
        while event < listened.count, case .text = listened[event] {
          if !isBehindValue { stretch.events.append(Item(event: listened[event], at: token.range.lowerBound)) }
          event += 1
        }
        isBehindValue = false
        let tag = Array(file[token.range])
        if token.kind != .end {
          guard event < listened.count, case .start = listened[event] else { return nil }
          let end = token.range.upperBound - (token.kind == .empty ? 2 : 1)
          stretch.events.append(Item(event: listened[event], at: end))
          event += 1
          open.append(tag)
        }
        if token.kind != .start {
          guard event < listened.count, case .end = listened[event], !open.isEmpty else { return nil }
          stretch.events.append(Item(event: .end, at: token.range.upperBound))
          event += 1
          open.removeLast()
        }
      }
      guard number + 1 < tokens.count, !open.isEmpty else { continue }
      let next = tokens[number + 1]
      let gap = file[token.range.upperBound..<next.range.lowerBound]
      let hasInk = gap.contains { $0 > 0x20 }
      if token.kind == .other || next.kind == .other {
        // A value in two pieces.
        if hasInk { return nil }
      } else if hasInk || (token.kind == .start && next.kind == .end) {
        stretch.bytes = stretch.bytes.lowerBound..<token.range.upperBound
        stretch.open = open
        stretches.append(stretch)
        stretch = Stretch(bytes: next.range.lowerBound..<next.range.lowerBound)
        isBehindValue = true
      }
    }
    guard event == listened.count, open.isEmpty else { return nil }
    stretch.bytes = stretch.bytes.lowerBound..<file.count
    stretches.append(stretch)
    return stretches
  }
}
