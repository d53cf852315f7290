import Bytes
import Containers
import Diagnostics

/// The parts of a workbook, which is a zip archive, and how they refer to each other.
struct PartPackage {
  struct Relationship {
    var id: String
    /// The last word of its type, which is the same in the transitional and the strict form.
    var kind: String
    /// Name of the part.
    var target: String
  }
  let bytes: any RandomBytes
  let file: String
  let limits: WorkbookLimits
  private let entries: [String: ZipEntry]
  private static let mostRelationships = 10_000

  init(_ bytes: any RandomBytes, _ archive: ZipArchive, limits: WorkbookLimits) {
    self.bytes = bytes
    file = archive.file
    self.limits = limits
    var entries: [String: ZipEntry] = [:]
    // Names of parts are compared without case; some programs write `xl\workbook.xml`.
    for entry in archive.entries { entries[Self.key(String(decoding: entry.rawName, as: UTF8.self))] = entry }
    self.entries = entries
  }

  private static func key(_ name: String) -> String {
    String(name.lowercased().map { $0 == "\\" ? "/" : $0 }.drop { $0 == "/" })
  }

  func has(_ part: String) -> Bool { entries[Self.key(part)] != nil }

  func size(_ part: String) -> Int { entries[Self.key(part)]?.unpacked ?? 0 }

  /// A new reading of a part.
  func open(_ part: String) throws(ReadError) -> any ByteSource {
    guard let entry = entries[Self.key(part)] else {
      throw damaged(file, part: part, zh: "缺少这个部件", en: "the part is missing")
    }
    return try ZipArchive.open(entry, in: bytes, as: file)
  }

  /// What `part` refers to inside the workbook; of the package itself with an empty name. Links to other files are left out:
  /// they are never followed.
  func relationships(of part: String) throws(ReadError) -> [Relationship] {
    let slash = part.lastIndex(of: "/")
    let folder = slash.map { String(part[..<$0]) } ?? ""
    let name = slash.map { String(part[part.index(after: $0)...]) } ?? part
    let place = (folder.isEmpty ? "" : folder + "/") + "_rels/\(name).rels"
    guard has(place) else { return [] }
    let parser = try RelationshipParser(open(place), file: file, part: place, limits: limits)
    try parser.run()
    guard parser.found.count <= Self.mostRelationships else { throw exceeded(file, .parts, Self.mostRelationships) }
    return parser.found.map { found in
      Relationship(id: found.id, kind: found.kind, target: Self.resolve(found.target, in: folder))
    }
  }

  /// A target is relative to the folder of the part that names it, or begins with `/`.
  private static func resolve(_ target: String, in folder: String) -> String {
    var path = target.hasPrefix("/") ? [] : folder.split(separator: "/").map(String.init)
    let plain = target.replacingPercent()
    for step in plain.split(whereSeparator: { $0 == "/" || $0 == "\\" }) {
      switch step {
      case ".": break
      case "..": if !path.isEmpty { path.removeLast() }
      default: path.append(String(step))
      }
    }
    return path.joined(separator: "/")
  }
}

extension String {
  /// `%20` as a space, and so on.
  fileprivate func replacingPercent() -> String {
    guard contains("%") else { return self }
    let text = Array(utf8)
    var result: [UInt8] = []
    var at = 0
    while at < text.count {
      if text[at] == UInt8(ascii: "%"), at + 2 < text.count,
        let value = UInt8(String(decoding: text[at + 1...at + 2], as: UTF8.self), radix: 16)
      {
        result.append(value)
        at += 3
      } else {
        result.append(text[at])
        at += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

@safe private final class RelationshipParser: PartParser {
  private(set) var found: [PartPackage.Relationship] = []
  private lazy var element = unsafe intern("Relationship")
  private lazy var id = unsafe intern("Id")
  private lazy var type = unsafe intern("Type")
  private lazy var target = unsafe intern("Target")
  private lazy var mode = unsafe intern("TargetMode")

  override func start(_ tag: PartTag) {
    guard unsafe tag.local == element, let id = unsafe tag.value(id), let type = unsafe tag.value(type),
      let target = unsafe tag.value(target)
    else { return }
    if let mode = unsafe tag.value(mode), unsafe attributeText(mode) == "External" { return }
    let kind = unsafe attributeText(type).split(separator: "/").last.map(String.init) ?? ""
    unsafe found.append(.init(id: attributeText(id), kind: kind, target: attributeText(target)))
  }
}
