import Bytes
import Diagnostics
import Foundation
import Testing

@testable import Encodings

/// A language, words of it as they stand in tables, and the encodings in which teams hand it in, each with the name that we
/// must find; the first of them is written before the bar where the names differ.
struct WrittenLanguage: CustomTestStringConvertible, Sendable {
  var name: String
  var header: String
  var words: [String]
  /// Names for iconv, and ours.
  var encodings: [(String, String)]
  /// Rows from which on it must be found without fail.
  var certainFrom = 10
  var testDescription: String { name }

  /// A table of `rows` rows; which words stand in it depends on `seed` alone.
  func table(rows: Int, seed: Int) -> String {
    var state = UInt64(seed + 1) &* 0x9E37_79B9_7F4A_7C15
    let pick = { (count: Int) -> Int in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var text = header + "\n"
    for row in 1...rows {
      let cells = (0..<2).map { _ in (0..<(1 + pick(3))).map { _ in words[pick(words.count)] }.joined(separator: " ") }
      text += "\(row),\(cells[0]),2022-11-0\(1 + row % 9),\"\(cells[1])\"\n"
    }
    return text
  }
}

@Suite struct EncodingMatrixTests {
  static let languages = [
    WrittenLanguage(
      name: "simplified Chinese", header: "编号,单位名称,走访日期,存在问题",
      words: [
        "勐海县人力资源和社会保障局", "政策宣传不到位", "台账不完整", "人才公寓已建成", "个别访谈", "无", "第二中学", "经费落实不及时", "院士专家工作站", "镇卫生院",
      ], encodings: [("GBK", "gb18030"), ("GB18030", "gb18030"), ("UTF-8", "utf-8"), ("UTF-16LE", "utf-16le")],
      certainFrom: 2),
    WrittenLanguage(
      name: "rare characters", header: "编号,姓名,走访日期,村名",
      words: ["㑇㛃", "王䶮", "李㛃", "䲟村", "𠮷山", "朱镕", "陶喆", "昪丰村"], encodings: [("GB18030", "gb18030")]),
    WrittenLanguage(
      name: "traditional Chinese", header: "編號,單位名稱,日期,問題",
      words: ["臺南市政府勞工局", "延長工作時間超過法定上限", "未依規定給付加班費", "統一超商股份有限公司", "備查", "無", "勞動檢查處", "限期改善"],
      encodings: [("BIG5", "big5"), ("UTF-16BE", "utf-16be")], certainFrom: 2),
    WrittenLanguage(
      name: "Cantonese", header: "編號,單位名稱,日期,備註", words: ["佢哋啲嘢喺邊度", "唔該晒", "深水埗街市", "鰂魚涌邨", "嘅問題", "冇回覆"],
      encodings: [("BIG5-HKSCS", "big5-hkscs")]),
    WrittenLanguage(
      name: "Japanese", header: "番号,名前,日付,備考",
      words: ["山田太郎", "調査のための記録です", "特に問題はありませんでした", "さくら保育園", "点検を実施した", "データベース", "ひろしま市役所"],
      encodings: [("SHIFT_JIS", "shift_jis"), ("EUC-JP", "euc-jp"), ("ISO-2022-JP", "iso-2022-jp")], certainFrom: 2),
    WrittenLanguage(
      name: "Korean", header: "번호,이름,날짜,비고", words: ["김민수", "조사를 위한 기록입니다", "특별한 문제는 없었습니다", "서울시청", "점검 결과", "보건소"],
      encodings: [("EUC-KR", "euc-kr"), ("UHC", "euc-kr")], certainFrom: 2),
    WrittenLanguage(
      name: "Russian", header: "номер,название,дата,замечания",
      words: [
        "Городская больница", "школа", "замечаний нет", "Проверка проведена", "крыша протекает", "Москва",
        "Екатеринбург", "учёт не ведётся",
      ],
      encodings: [("CP1251", "windows-1251"), ("KOI8-R", "koi8-r"), ("CP866", "cp866"), ("ISO-8859-5", "iso-8859-5")],
      certainFrom: 2),
    WrittenLanguage(
      name: "French", header: "numéro,établissement,date,remarques",
      words: [
        "Café de la Gare", "école élémentaire", "contrôle effectué", "façade abîmée", "Hôpital Saint-André",
        "déjà noté", "Noël",
      ],
      encodings: [("CP1252", "windows-1252"), ("CP850", "cp850"), ("MACINTOSH", "macintosh")]),
    WrittenLanguage(
      name: "German", header: "Nummer,Betrieb,Datum,Mängel",
      words: [
        "Bäckerei Müller", "Fußboden beschädigt", "Kühlung ausgefallen", "Prüfung bestanden", "Straße",
        "Gaststätte Größe",
      ],
      encodings: [("CP1252", "windows-1252"), ("ISO-8859-1", "windows-1252")]),
    WrittenLanguage(
      name: "Spanish", header: "número,nombre,fecha,observación",
      words: ["Niño Jesús", "Taquería Peña", "inspección", "mañana", "¿cuándo?", "Málaga", "señal"],
      encodings: [("CP1252", "windows-1252")]),
    WrittenLanguage(
      name: "Polish", header: "numer,zakład,data,uwagi",
      words: [
        "Łódź", "Żywiec", "piekarnia świeży chleb", "kontrola zakończona", "źle oznaczone półki", "część", "Gdańsk",
      ],
      encodings: [("CP1250", "windows-1250"), ("ISO-8859-2", "iso-8859-2")]),
    WrittenLanguage(
      name: "Czech", header: "číslo,název,datum,poznámky",
      words: ["Plzeň", "příliš žluťoučký kůň", "škola", "řeznictví", "město Děčín", "závady", "účetní doklady"],
      encodings: [("CP1250", "windows-1250"), ("ISO-8859-2", "iso-8859-2")]),
    WrittenLanguage(
      name: "Greek", header: "αριθμός,όνομα,ημερομηνία,σχόλια",
      words: ["Αθήνα", "σχολείο", "έλεγχος ολοκληρώθηκε", "χωρίς παρατηρήσεις", "Θεσσαλονίκη", "νοσοκομείο"],
      encodings: [("CP1253", "windows-1253"), ("ISO-8859-7", "iso-8859-7|windows-1253")], certainFrom: 2),
    WrittenLanguage(
      name: "Turkish", header: "sıra,işyeri,tarih,açıklama",
      words: ["İstanbul", "Şişli ilçesi", "denetim yapıldı", "eksiklik görülmedi", "Çağrı fırını", "ığdır"],
      encodings: [("CP1254", "windows-1254")]),
    WrittenLanguage(
      name: "Hebrew", header: "מספר,שם,תאריך,הערות", words: ["בית ספר", "ביקורת", "ירושלים", "אין הערות", "תל אביב"],
      encodings: [("CP1255", "windows-1255")]),
    WrittenLanguage(
      name: "Arabic", header: "رقم,اسم,تاريخ,ملاحظات",
      words: ["المدرسة", "تم التفتيش", "القاهرة", "لا توجد ملاحظات", "مستشفى"],
      encodings: [("CP1256", "windows-1256")]),
    WrittenLanguage(
      name: "Thai", header: "ลำดับ,ชื่อ,วันที่,หมายเหตุ", words: ["โรงเรียน", "ตรวจแล้ว", "กรุงเทพ", "ไม่มีปัญหา", "โรงพยาบาล"],
      encodings: [("CP874", "windows-874")]),
    WrittenLanguage(
      name: "Lithuanian", header: "numeris,įstaiga,data,pastabos",
      words: ["Šiauliai", "mokykla", "pažeidimų nėra", "įvertinta gerai", "Panevėžys", "ūkis", "ąžuolas"],
      encodings: [("CP1257", "windows-1257")]),
  ]

  /// Two short rows, ten, and two hundred; what must be certain is, and of the shortest tables nine of ten are.
  @Test(arguments: languages)
  func findsWhatALanguageIsWrittenIn(language: WrittenLanguage) throws {
    for (library, expected) in language.encodings {
      for rows in [2, 10, 200] {
        var right = 0
        let seeds = rows == 200 ? 0..<2 : 0..<10
        for seed in seeds {
          let text = language.table(rows: rows, seed: seed)
          let bytes = try #require(encoded(text, library))
          let found = try EncodingDetector.detect(file: "f") { MemorySource(bytes) }
          let isRight = expected.split(separator: "|").contains { $0 == found.name }
          if isRight { right += 1 } else { print(language.name, library, rows, seed, found.name, found.evidence.en) }
        }
        let least = rows >= language.certainFrom ? seeds.count : seeds.count * 9 / 10
        #expect(right >= least, "\(language.name) in \(library), \(rows) rows: \(right) of \(seeds.count)")
      }
    }
  }

  /// `text` in an encoding, by the C library; `nil` when it holds what the encoding has not.
  private func encoded(_ text: String, _ name: String) -> [UInt8]? {
    guard let handle = iconv_open(name, "UTF-8"), Int(bitPattern: handle) != -1 else { return nil }
    defer { iconv_close(handle) }
    var input = Array(text.utf8).map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: input.count * 4 + 64)
    let room = output.count
    var left = room
    let isDone = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        var from: UnsafeMutablePointer<CChar>? = source.baseAddress
        var to: UnsafeMutablePointer<CChar>? = target.baseAddress
        var waiting = source.count
        guard iconv(handle, &from, &waiting, &to, &left) != -1 else { return false }
        return iconv(handle, nil, nil, &to, &left) != -1
      }
    }
    return isDone ? output[..<(room - left)].map { UInt8(bitPattern: $0) } : nil
  }

  @Test(arguments: [
    ("cp1251", "windows-1251"), ("Windows-1250", "windows-1250"), ("latin1", "iso-8859-1"),
    ("ISO_8859-15", "iso-8859-15"),
    ("GB2312", "gb18030"), ("cp936", "gb18030"), ("ANSI", "gb18030"), ("Big5-HKSCS", "big5-hkscs"),
    ("sjis", "shift_jis"),
    ("UTF-16", "utf-16le"), ("ucs-2", "utf-16le"),
  ])
  func knowsTheNamesThatPeopleUse(name: String, expected: String) throws {
    let found = try EncodingDetector.detect(file: "f", declared: name) { MemorySource(Array("a,b\n".utf8)) }
    #expect(found.name == expected)
    _ = try UTF8Decoder(MemorySource([]), encoding: found, file: "f")
  }

  @Test(arguments: [("UTF-32LE", "utf-32le"), ("UTF-32BE", "utf-32be"), ("IBM037", "ibm037")])
  func knowsRarerForms(library: String, expected: String) throws {
    let bytes = try #require(encoded("id,name,count\n1,Ash,20\n2,Birch,31\n3,Cedar,4\n", library))
    #expect(try EncodingDetector.detect(file: "f") { MemorySource(bytes) }.name == expected)
  }
}
