import Foundation
import Testing

/// XML made to read files, to call out, or to fill the memory: the program, given such a file, ends with 65 and one line,
/// opens nothing else, and costs next to nothing.
@Suite(.serialized) struct XMLAttackTests {
  /// A file that exists beside the attack and must not be opened, and a port on which nobody listens.
  private static let target = "FOLDER/must-not-be-opened"
  private static let web = "127.0.0.1:1/x"

  private static func laughs(_ name: String) -> String {
    let levels = (1...9).map { "<!ENTITY l\($0) \"" + String(repeating: "&l\($0 - 1);", count: 10) + "\">" }.joined()
    return "<!DOCTYPE \(name) [<!ENTITY l0 \"lol\">\(levels)]>"
  }
  private static func utf16(_ text: String, mark: Bool) -> Data {
    var data = mark ? Data([0xFF, 0xFE]) : Data()
    for unit in text.utf16 { data.append(contentsOf: [UInt8(unit & 0xFF), UInt8(unit >> 8)]) }
    return data
  }
  private static func external(_ url: String) -> String {
    "<!DOCTYPE r [<!ENTITY x SYSTEM \"\(url)\">]><r>&x;</r>"
  }

  /// With the rule that refuses it; `nil` for what is harmless and read.
  static let attacks: [(name: String, file: Data, rule: String?)] = {
    let doctype = "xml-doctype-forbidden"
    let broken = "xml-not-well-formed"
    var texts: [(String, String, String?)] = [
      ("billion laughs in text", laughs("r") + "<r>&l9;</r>", doctype),
      ("billion laughs in an attribute", laughs("r") + "<r a=\"&l9;\"/>", doctype),
      (
        "quadratic blow-up",
        "<!DOCTYPE r [<!ENTITY a \"\(String(repeating: "a", count: 50_000))\">]><r>"
          + String(repeating: "&a;", count: 50_000) + "</r>", doctype
      ),
      ("cyclic", "<!DOCTYPE r [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]><r>&a;</r>", doctype),
      ("parameter laughs", "<!DOCTYPE r [<!ENTITY % a 'x'><!ENTITY % b '%a;%a;%a;'>%b;%b;]><r/>", doctype),
      ("parameter entity", "<!DOCTYPE r [<!ENTITY % p SYSTEM \"http://\(web)\"> %p;]><r/>", doctype),
      (
        "sent out of band",
        "<!DOCTYPE r [<!ENTITY % f SYSTEM \"file://\(target)\"><!ENTITY % d SYSTEM \"http://\(web).dtd\">%d;%send;]><r/>",
        doctype
      ),
      ("external subset", "<!DOCTYPE r SYSTEM \"http://\(web).dtd\"><r/>", doctype),
      ("public subset", "<!DOCTYPE r PUBLIC \"-//A//B//EN\" \"file://\(target)\"><r/>", doctype),
      (
        "local subset redefined",
        "<!DOCTYPE r [<!ENTITY % l SYSTEM \"file://\(target)\"><!ENTITY % y '&#x25;z;'>%l;]><r/>", doctype
      ),
      ("default attribute", "<!DOCTYPE r [<!ATTLIST r a CDATA \"x\">]><r/>", doctype),
      ("notation", "<!DOCTYPE r [<!NOTATION n SYSTEM \"file://\(target)\">]><r/>", doctype),
      (
        "behind a long comment", "<!--\(String(repeating: "x", count: 500_000))-->" + external("file://\(target)"),
        doctype
      ),
      ("behind white space", String(repeating: " \n", count: 200_000) + external("file://\(target)"), doctype),
      (
        "behind many instructions", String(repeating: "<?p DOCTYPE?>", count: 30_000) + external("file://\(target)"),
        doctype
      ),
      ("behind a comment with a tag", "<!-- <r> --><?p <r>?>" + external("file://\(target)"), doctype),
      ("prolog without end", "<?xml version='1.0'?>" + String(repeating: "<!-- x -->", count: 300_000), "xml-limit"),
      ("white space without end", "<?xml version='1.0'?>" + String(repeating: " ", count: 3_000_000), "xml-limit"),
      (
        "SOAP with a document type",
        "<!DOCTYPE e [<!ENTITY x SYSTEM \"file://\(target)\">]><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>&x;</soap:Body></soap:Envelope>",
        doctype
      ),
      ("in the body", "<r><!DOCTYPE r [<!ENTITY x \"y\">]></r>", broken),
      ("behind the root", "<r/><!DOCTYPE r>", broken),
      ("in a CDATA of a SOAP call", "<r><![CDATA[" + external("file://\(target)") + "]]></r>", nil),
      ("lower case", "<!doctype r [<!ENTITY x \"y\">]><r>&x;</r>", broken),
      ("without a type", "<!ENTITY x SYSTEM \"file://\(target)\"><r>&x;</r>", broken),
      ("undeclared", "<r>&x;</r>", broken),
      (
        "XInclude",
        "<r xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"file://\(target)\" parse=\"text\"/><a>1</a></r>",
        nil
      ),
      (
        "schemaLocation",
        "<r xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"u http://\(web).xsd\" xsi:noNamespaceSchemaLocation=\"file://\(target)\"/>",
        nil
      ),
      ("stylesheet", "<?xml-stylesheet type=\"text/xsl\" href=\"file://\(target)\"?><r>1</r>", nil),
      ("catalog", "<?oasis-xml-catalog catalog=\"file://\(target)\"?><r>1</r>", nil),
      ("model", "<?xml-model href=\"http://\(web).rng\"?><r>1</r>", nil),
      ("base", "<r xml:base=\"file://\(target)\">1</r>", nil),
      ("namespace that is a file", "<r xmlns=\"file://\(target)\">1</r>", nil),
    ]
    for scheme in [
      "file://", "http://", "https://", "ftp://", "gopher://", "expect://", "php://filter/resource=", "jar:file:",
      "data:,", "netdoc:",
    ] {
      let url = scheme.hasPrefix("file") || scheme.contains("jar") ? scheme + target : scheme + web
      texts.append(("external \(scheme)", external(url), doctype))
    }
    var all = texts.map { ($0.0, Data($0.1.utf8), $0.2) }
    let small = external("file://\(target)")
    all.append(("UTF-8 with mark", Data([0xEF, 0xBB, 0xBF]) + Data(small.utf8), doctype))
    all.append(("two marks", Data([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF]) + Data(small.utf8), broken))
    all.append(("UTF-16 with mark", utf16(small, mark: true), doctype))
    all.append(("UTF-16 without mark", utf16(small, mark: false), doctype))
    all.append(
      ("UTF-16 said to be UTF-8", utf16("<?xml version='1.0' encoding='UTF-8'?>" + small, mark: true), "xml-encoding"))
    all.append(
      ("UTF-8 said to be UTF-16", Data(("<?xml version='1.0' encoding='UTF-16'?>" + small).utf8), "xml-encoding"))
    let utf7 =
      "<?xml version='1.0' encoding='UTF-7'?>" + small.replacing("<", with: "+ADw-").replacing(">", with: "+AD4-")
    all.append(("UTF-7", Data(utf7.utf8), broken))
    // `<?xml version="1.0" encoding="cp037"?><!DOCTYPE r>` in EBCDIC.
    let ebcdic: [UInt8] = [
      0x4C, 0x6F, 0xA7, 0x94, 0x93, 0x40, 0xA5, 0x85, 0x99, 0xA2, 0x89, 0x96, 0x95, 0x7E, 0x7F, 0xF1, 0x4B, 0xF0, 0x7F,
      0x40, 0x85,
      0x95, 0x83, 0x96, 0x84, 0x89, 0x95, 0x87, 0x7E, 0x7F, 0x83, 0x97, 0xF0, 0xF3, 0xF7, 0x7F, 0x6F, 0x6E, 0x4C, 0x5A,
      0xC4, 0xD6,
      0xC3, 0xE3, 0xE8, 0xD7, 0xC5, 0x40, 0x99, 0x6E,
    ]
    all.append(("EBCDIC", Data(ebcdic), broken))
    return all
  }()

  @Test(arguments: attacks.indices)
  func isRefusedAndCostsNothing(index: Int) throws {
    let attack = Self.attacks[index]
    let place = try AttackPlace(attack.file)
    let run = try place.run()
    #expect(run.status == (attack.rule == nil ? 0 : 65), "\(attack.name): \(run.messages)")
    if let rule = attack.rule {
      #expect(
        run.messages.split(separator: "\n").count == 1 && run.messages.contains("[\(rule)]"),
        "\(attack.name): \(run.messages)")
      #expect(run.output.isEmpty)
    }
    // A release build; a debug build checks every index of the half megabyte before some of them.
    #if DEBUG
      #expect(run.seconds < 4, "\(attack.name): \(run.seconds) s")
    #else
      #expect(run.seconds < 0.2, "\(attack.name): \(run.seconds) s of CPU")
    #endif
    #expect(!run.output.contains("secret"))
  }

  private static let tracer = "/usr/bin/strace"

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: tracer), "strace is not installed"))
  func opensNothing() throws {
    for attack in Self.attacks {
      let place = try AttackPlace(attack.file)
      _ = try place.run(under: [
        Self.tracer, "-f", "-qq", "-o", place.folder.appending(path: "trace").path, "-e", "trace=%file,%network",
      ])
      let trace = String(decoding: try Data(contentsOf: place.folder.appending(path: "trace")), as: UTF8.self)
      try #require(trace.contains("a.xml"), "the trace shows what is opened")
      #expect(
        !trace.contains("must-not-be-opened") && !trace.contains("AF_INET") && !trace.contains("SOCK_"),
        "\(attack.name)")
    }
  }
}

/// A folder with one attack and the file that it is after.
private final class AttackPlace {
  struct Run {
    var status: Int32
    var output: String
    var messages: String
    /// Of the processor, as the system counts them.
    var seconds: Double
  }
  let folder = FileManager.default.temporaryDirectory.appending(path: "fieldtally-\(UUID().uuidString)")

  init(_ file: Data) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("secret".utf8).write(to: folder.appending(path: "must-not-be-opened"))
    // Those in other encodings name no folder, and are refused before anything is looked for.
    let text = String(decoding: file, as: UTF8.self)
    let filled = text.contains("FOLDER") ? Data(text.replacing("FOLDER", with: folder.path).utf8) : file
    try filled.write(to: folder.appending(path: "a.xml"))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func run(under wrapper: [String] = []) throws -> Run {
    let words = wrapper + [Conversion.program.path, "convert", folder.appending(path: "a.xml").path]
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    // 64 MiB of memory of its own, stacks included: with more asked for, it ends by a signal. (What the system counts as
    // resident holds that of the process that began this one.)
    let script =
      "ulimit -t 10; \(wrapper.isEmpty ? "ulimit -d 65536;" : "") exec \(quoted) >'\(folder.path)/out' 2>'\(folder.path)/err'"
    var arguments: [UnsafeMutablePointer<CChar>?] =
      ["/bin/sh", "-c", script].map { (text: String) in strdup(text) } + [nil]
    var environment: [UnsafeMutablePointer<CChar>?] =
      ["LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"].map { (text: String) in strdup(text) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, "/bin/sh", nil, nil, &arguments, &environment)
    try #require(code == 0)
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }
    return Run(
      status: status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F), output: try text("out"),
      messages: try text("err"), seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime))
  }
}
