package import Campaign

/// Reads the types whose values stay text: lists, JSON, places, durations, months, and strings in a format. What is
/// compared or counted of a value is a number: items of a list, months of a `yearmonth`, milliseconds of a duration.
package struct StructuredReader: Sendable {
  private enum Form {
    case email, uri, uuid, binary
    case object, array, geoJSON, topology
    case pointText, pointArray, pointObject
    case list(delimiter: [UInt8], items: ItemReader)
    case yearMonth(takesAnyForm: Bool)
    case duration
  }
  private let form: Form

  /// `nil` for a type that another reader reads.
  package init?(_ field: Field) throws(FormatError) {
    switch (field.type, field.format) {
    case (.string, "email"): form = .email
    case (.string, "uri"): form = .uri
    case (.string, "uuid"): form = .uuid
    case (.string, "binary"): form = .binary
    case (.object, _): form = .object
    case (.array, _): form = .array
    case (.geoJSON, "topojson"): form = .topology
    case (.geoJSON, _): form = .geoJSON
    case (.geoPoint, "array"): form = .pointArray
    case (.geoPoint, "object"): form = .pointObject
    case (.geoPoint, _): form = .pointText
    case (.list, _): form = .list(delimiter: Array(field.delimiter.utf8), items: try ItemReader(field.itemType))
    case (.yearMonth, _): form = .yearMonth(takesAnyForm: field.format == "any")
    case (.duration, _): form = .duration
    default: return nil
    }
  }

  /// Whether values are equal when they say the same in another way of writing: JSON, places.
  package var hasOtherSpellings: Bool {
    switch form {
    case .object, .array, .geoJSON, .topology, .pointText, .pointArray, .pointObject: true
    default: false
    }
  }

  /// What `Constraints` count or compare.
  ///
  /// - Throws: `notInFormat` with the sentence of the form.
  package func read(_ cell: Span<UInt8>) throws(ValueError) -> Int64 {
    switch form {
    case .email: guard isEmail(cell) else { throw .notAnEmail }
    case .uri: guard isURI(cell) else { throw .notAURI }
    case .uuid: guard isUUID(cell) else { throw .notAUUID }
    case .binary: guard isBase64(cell) else { throw .notBinary }
    case .object:
      guard case .object(let members) = JSONNode(cell) else { throw .notAnObject }
      return Int64(members.count)
    case .array:
      guard case .array(let items) = JSONNode(cell) else { throw .notAnArray }
      return Int64(items.count)
    case .geoJSON:
      guard let node = JSONNode(cell), node.isGeoJSON else { throw .notGeoJSON }
    case .topology:
      guard let node = JSONNode(cell), node.isTopology else { throw .notTopoJSON }
    case .pointText, .pointArray, .pointObject: _ = try point(cell)
    case .list(let delimiter, let items): return try readList(cell, delimiter, items)
    case .yearMonth(let takesAnyForm):
      guard let month = yearMonth(cell, takesAnyForm: takesAnyForm) else { throw .notAYearMonth }
      return Int64(month)
    case .duration:
      guard let milliseconds = duration(cell) else { throw .notADuration }
      return milliseconds
    }
    return 0
  }

  /// The one text of equal values.
  package func canonical(_ cell: Span<UInt8>) -> [UInt8] {
    switch form {
    case .pointText, .pointArray, .pointObject:
      guard let point = try? point(cell) else { return [] }
      var text: [UInt8] = []
      text.append(number: point.longitude)
      text.append(UInt8(ascii: ","))
      text.append(number: point.latitude)
      return text
    case .object, .array, .geoJSON, .topology: return JSONNode(cell).map { Array($0.canonical.utf8) } ?? []
    default: return cell.indices.map { cell[$0] }
    }
  }

  /// Longitude and latitude in degrees.
  private func point(_ cell: Span<UInt8>) throws(ValueError) -> (longitude: Double, latitude: Double) {
    let numbers: [Double?]
    switch form {
    case .pointText:
      let text = String(decoding: cell.indices.map { cell[$0] }, as: UTF8.self)
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      numbers = parts.map { part in
        let bytes = Array(part.utf8)
        let inner = trimmed(bytes.span)
        return try? NumberReader().readNumber(bytes.span.extracting(inner))
      }
    case .pointArray:
      guard case .array(let items) = JSONNode(cell) else { throw .notAPoint }
      numbers = items.map(\.asDegrees)
    case .pointObject:
      guard case .object(let members) = JSONNode(cell), members.count == 2 else { throw .notAPoint }
      numbers = [members["lon"]?.asDegrees, members["lat"]?.asDegrees]
    default: throw .notAPoint
    }
    guard numbers.count == 2, let longitude = numbers[0], let latitude = numbers[1] else { throw .notAPoint }
    guard (-180...180).contains(longitude), (-90...90).contains(latitude) else { throw .noSuchPoint }
    return (longitude, latitude)
  }

  private func readList(_ cell: Span<UInt8>, _ delimiter: [UInt8], _ items: ItemReader) throws(ValueError) -> Int64 {
    var count: Int64 = 0
    var start = 0
    var index = 0
    while index <= cell.count {
      let ends = index == cell.count || stands(delimiter, cell, at: index)
      guard ends else {
        index += 1
        continue
      }
      guard items.reads(cell.extracting(start..<index)) else { throw .notAList }
      count += 1
      index += index == cell.count ? 1 : delimiter.count
      start = index
    }
    return count
  }

  private func stands(_ word: [UInt8], _ cell: Span<UInt8>, at index: Int) -> Bool {
    guard !word.isEmpty, index + word.count <= cell.count else { return false }
    for offset in word.indices where cell[index + offset] != word[offset] { return false }
    return true
  }
}

/// Reads the items of a list, each in the default format of its type.
private enum ItemReader: Sendable {
  case string
  case number(NumberReader, isInteger: Bool)
  case boolean(BooleanReader)
  case date(DateReader)
  case datetime(TimestampReader)
  case time(TimeReader)

  init(_ type: FieldType) throws(FormatError) {
    switch type {
    case .integer, .number: self = .number(NumberReader(), isInteger: type == .integer)
    case .boolean: self = .boolean(BooleanReader())
    case .date: self = .date(try DateReader())
    case .datetime: self = .datetime(try TimestampReader())
    case .time: self = .time(try TimeReader())
    default: self = .string
    }
  }

  func reads(_ item: Span<UInt8>) -> Bool {
    let inner = item.extracting(trimmed(item))
    return switch self {
    case .string: true
    case .number(let reader, let isInteger):
      isInteger ? (try? reader.readInteger(inner)) != nil : (try? reader.readNumber(inner)) != nil
    case .boolean(let reader): (try? reader.read(inner)) != nil
    case .date(let reader): (try? reader.read(inner)) != nil
    case .datetime(let reader): (try? reader.read(inner)) != nil
    case .time(let reader): (try? reader.read(inner)) != nil
    }
  }
}

extension JSONNode {
  /// A number, or a text that is one.
  fileprivate var asDegrees: Double? {
    switch self {
    case .number(let number): number
    case .string(let text): try? NumberReader().readNumber(Array(text.utf8).span)
    default: nil
    }
  }
}
