import Bytes

/// Learning: what libxml2 said of a file, cut into runs.
extension KnownMarkup {
  /// A run of one file, before it is known whether it is new.
  private struct Stretch {
    var bytes: Range<Int>
    var events: [Item] = []
  }
  private struct Item {
    var event: MarkupEvent
    /// Index behind which the parser stood.
    var at: Int
    /// The tag, if it is the start of an element.
    var tag = 0..<0
  }

  /// Takes up the runs of `file`, which `listened` has the events of.
  ///
  /// - Parameters:
  ///   - intern: the pointer by which the parser knows a name.
  ///   - meanings: what the plan makes of elements, from the document on.
  mutating func learn(
    _ file: [UInt8], _ listened: [MarkupEvent], _ meanings: consuming ElementMeanings,
    intern: ([UInt8]) -> UnsafePointer<UInt8>?
  ) {
    guard let stretches = Self.stretches(of: file, listened) else { return }
    // Of what is open, the document first.
    var places: [Int32] = [0]
    for number in stretches.indices {
      let stretch = stretches[number]
      let isLast = number == stretches.count - 1
      let place = places[places.count - 1]
      let siblings = runs(at: place)
      guard enter(stretch, of: file, &places) else { return }
      if siblings.contains(where: { isRun($0, file[stretch.bytes], isLast: isLast) }) {
        unsafe follow(stretch, &meanings, intern)
        continue
      }
      guard siblings.count < Self.mostSiblings,
        unsafe add(stretch, of: file, at: place, places[places.count - 1], isLast: isLast, &meanings, intern)
      else { return }
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

  /// Lets `open`, the places of what is open, see what begins and ends in a run.
  ///
  /// - Returns: `false` where there are too many places.
  private mutating func enter(_ stretch: Stretch, of file: [UInt8], _ open: inout [Int32]) -> Bool {
    for item in stretch.events {
      switch item.event {
      case .text: break
      case .end: open.removeLast()
      case .start:
        let key = Place(around: open[open.count - 1], tag: Array(file[item.tag]))
        if let known = places[key] {
          open.append(known)
        } else {
          guard firstRuns.count < Self.mostRuns else { return false }
          open.append(Int32(firstRuns.count))
          places[key] = Int32(firstRuns.count)
          firstRuns.append(-1)
        }
      }
    }
    return true
  }

  /// Lets `meanings` see what a run does that is known.
  private func follow(
    _ stretch: Stretch, _ meanings: inout ElementMeanings, _ intern: ([UInt8]) -> UnsafePointer<UInt8>?
  ) {
    for item in stretch.events {
      switch item.event {
      case .start(let name, _): unsafe meanings.start(intern(name.local), name.uri.flatMap(intern))
      case .end: meanings.end()
      case .text: break
      }
    }
  }

  /// - Returns: `false` when nothing more is to be learnt of the file.
  private mutating func add(
    _ stretch: Stretch, of file: [UInt8], at place: Int32, _ next: Int32, isLast: Bool,
    _ meanings: inout ElementMeanings, _ intern: ([UInt8]) -> UnsafePointer<UInt8>?
  ) -> Bool {
    let start = stretch.bytes.lowerBound
    let firstEvent = events.count
    // Line feeds up to a place; places come in order.
    var counted = (end: start, lines: 0)
    func lines(to end: Int) -> Int32 {
      counted.lines += count(UInt8(ascii: "\n"), in: file.span.extracting(counted.end..<max(counted.end, end)))
      counted.end = max(counted.end, end)
      return Int32(counted.lines)
    }
    /// Cell of the element that began with the last event, if that is all that it can be.
    var cell: Target?
    for item in stretch.events {
      var event = Event(kind: .end, offset: Int32(item.at - start), lines: 0)
      if case .start = item.event {
        event.tagOffset = Int32(item.tag.lowerBound - start)
        event.tagLines = lines(to: item.tag.lowerBound)
      }
      event.lines = lines(to: item.at)
      switch item.event {
      case .end:
        guard meanings.end() else { continue }
        if let blank = cell {
          // Only the start tag stands for it.
          events[events.count - 1].kind = .blank(blank)
          cell = nil
          continue
        }
      case .start(let name, let attributes):
        let parent = meanings.innermost
        guard let meaning = unsafe meanings.start(intern(name.local), name.uri.flatMap(intern)) else { continue }
        guard let tag = unsafe startTag(name, attributes, intern) else { return false }
        let number = Int32(unsafe tags.count)
        unsafe tags.append(tag)
        switch meaning {
        case .asked: event.kind = .start(tag: number, node: nil)
        case .node(let node): event.kind = .start(tag: number, node: node)
        case .unread: event.kind = .unread(tag: number, parent: parent)
        }
        cell = attributes.isEmpty ? meanings.cell : nil
        events.append(event)
        continue
      case .text(let bytes):
        guard meanings.readsText else { continue }
        event.kind = .text(Int32(text.count)..<Int32(text.count + bytes.count))
        text.append(contentsOf: bytes)
      }
      cell = nil
      events.append(event)
    }
    var beginsWithEnd = false
    if case .end? = stretch.events.first?.event, events.count > firstEvent, case .end = events[firstEvent].kind {
      beginsWithEnd = true
    }
    runs.append(
      Run(
        start: Int32(text.count), count: Int32(stretch.bytes.count), lineFeeds: lines(to: stretch.bytes.upperBound),
        carriageReturns: Int32(count(UInt8(ascii: "\r"), in: file.span.extracting(stretch.bytes))),
        events: Int32(firstEvent)..<Int32(events.count), place: next, sibling: firstRuns[Int(place)], isLast: isLast,
        beginsWithEnd: beginsWithEnd, use: cell.map { .cell($0) } ?? (meanings.readsText ? .text : .none)))
    text.append(contentsOf: file[stretch.bytes])
    firstRuns[Int(place)] = Int32(runs.count - 1)
    return true
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
    var depth = 0
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
        if token.kind != .end {
          guard event < listened.count, case .start = listened[event] else { return nil }
          let end = token.range.upperBound - (token.kind == .empty ? 2 : 1)
          stretch.events.append(Item(event: listened[event], at: end, tag: token.range))
          event += 1
          depth += 1
        }
        if token.kind != .start {
          guard event < listened.count, case .end = listened[event], depth > 0 else { return nil }
          stretch.events.append(Item(event: .end, at: token.range.upperBound))
          event += 1
          depth -= 1
        }
      }
      guard number + 1 < tokens.count, depth > 0 else { continue }
      let next = tokens[number + 1]
      let gap = file[token.range.upperBound..<next.range.lowerBound]
      let hasInk = gap.contains { $0 > 0x20 }
      if token.kind == .other || next.kind == .other {
        // A value in two pieces.
        if hasInk { return nil }
      } else if hasInk || (token.kind == .start && next.kind == .end) {
        stretch.bytes = stretch.bytes.lowerBound..<token.range.upperBound
        stretches.append(stretch)
        stretch = Stretch(bytes: next.range.lowerBound..<next.range.lowerBound)
        isBehindValue = true
      }
    }
    guard event == listened.count, depth == 0 else { return nil }
    stretch.bytes = stretch.bytes.lowerBound..<file.count
    stretches.append(stretch)
    return stretches
  }
}
