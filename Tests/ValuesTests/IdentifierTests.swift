import Campaign
import Diagnostics
import SeededRandom
import Testing

@testable import Values

@Suite struct IdentifierTests {
  private func read(_ text: String, _ kind: IdentifierKind, country: String? = nil) throws -> Result<String, ValueError>
  {
    let reader = try IdentifierReader(kind, country: country)
    return outcome(text, reader.read).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(arguments: [
    ("13812345678", "+8613812345678"), ("138-1234-5678", "+8613812345678"), ("138 1234 5678", "+8613812345678"),
    ("１３８１２３４５６７８", "+8613812345678"), ("+86 138 1234 5678", "+8613812345678"), ("008613812345678", "+8613812345678"),
    ("8613812345678", "+8613812345678"), ("0871-65123456", "+8687165123456"), ("（0871）65123456", "+8687165123456"),
    ("010-62345678", "+861062345678"), ("0691-2123456", "+866912123456"),
    ("0871-65123456转123", "+8687165123456;ext=123"),
    ("400-810-8888", "+864008108888"), ("+86 (0)871 65123456", "+8687165123456"), ("+44 20 7946 0958", "+442079460958"),
  ]) func chineseNumbersHaveOneForm(text: String, canonical: String) throws {
    #expect(try read(text, .phone, country: "CN") == .success(canonical))
    #expect(try read(canonical, .phone, country: "CN") == .success(canonical), "twice is once")
  }

  @Test(arguments: [
    "", "12345", "1381234567", "138123456789", "12812345678", "65123456", "013812345678", "13812345678/13912345678",
    "13812345678 13912345678", "+86 12345", "电话13812345678", "0000-1234567", "0871-01234567", "+", "++8613812345678",
  ]) func whatIsNoNumberIsRefused(text: String) throws {
    #expect(try read(text, .phone, country: "CN") == .failure(.notATelephone))
  }

  @Test(arguments: [
    ("GB", "020 7946 0958", "+442079460958"), ("FR", "01 23 45 67 89", "+33123456789"),
    ("DE", "030/123456", "+4930123456"),
    ("US", "(202) 555-0142", "+12025550142"), ("US", "1-202-555-0142 ext. 7", "+12025550142;ext=7"),
    ("HK", "2345 6789", "+85223456789"),
  ]) func nationalNumbersNeedTheirCountry(country: String, text: String, canonical: String) throws {
    #expect(try read(text, .phone, country: country) == .success(canonical))
    #expect(try read(text, .phone) == .failure(.notATelephone))
    #expect(throws: FormatError.self) { try read(text, .phone, country: "XX") }
  }

  /// Numbers made up here: region, birthday and sequence of nobody, with the check digit computed by hand below.
  private func number(_ first17: String) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(first17, weights).reduce(0) { $0 + $1.0.wholeNumberValue! * $1.1 }
    return first17 + String(Array("10X98765432")[sum % 11])
  }

  @Test func identityNumbersHaveACheckDigit() throws {
    // The example of GB 11643-1999 itself.
    #expect(try read("11010519491231002X", .residentID) == .success("11010519491231002X"))
    #expect(try read("11010519491231002x", .residentID) == .success("11010519491231002X"))
    #expect(try read("440524188001010014", .residentID) == .success("440524188001010014"))
    for sequence in 0..<40 {
      let right = number(
        "53282219900229".replacing("0229", with: "0228") + (sequence < 10 ? "00\(sequence)" : "0\(sequence)"))
      #expect(try read(right, .residentID) == .success(right))
      for digit in "0123456789X" where digit != right.last {
        #expect(try read(right.dropLast() + String(digit), .residentID) == .failure(.wrongCheckDigit))
      }
    }
  }

  @Test(arguments: [
    ("532822199002301234", ValueError.noSuchBirthday), ("992822199002281234", .notAResidentID),
    ("53282219900228123", .notAResidentID), ("5328221990022812345", .notAResidentID),
    ("53282219900228X234", .notAResidentID),
    ("", .notAResidentID), ("530102900228123", .notAResidentID),
  ]) func whatIsNoIdentityNumberIsRefused(text: String, fault: ValueError) throws {
    #expect(try read(text, .residentID) == .failure(fault))
  }

  @Test func oldNumbersBecomeNewOnesWhereThatIsDeclared() throws {
    #expect(try read("110105491231002", .residentIDOfAnyAge) == .success("11010519491231002X"))
    #expect(try read("110105491331002", .residentIDOfAnyAge) == .failure(.noSuchBirthday))
    #expect(try read("11010549123100X", .residentIDOfAnyAge) == .failure(.notAResidentID))
  }

  @Test func creditCodesHaveACheckDigit() throws {
    let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
    let first = "9153280068123456"
    for letter in alphabet {
      let code = first + String(letter)
      var sum = 0
      var weight = 1
      for character in code {
        sum += alphabet.firstIndex(of: character)! * weight
        weight = weight * 3 % 31
      }
      let right = code + String(alphabet[(31 - sum % 31) % 31])
      #expect(try read(right, .creditCode) == .success(right))
      #expect(try read(" " + right.lowercased(), .creditCode) == .success(right))
      let wrong = code + String(alphabet[(32 - sum % 31) % 31])
      #expect(try read(wrong, .creditCode) == .failure(.wrongCheckDigit))
    }
    for text in ["", "91532800681234561", "I15328006812345678", "9153X80068123456Y1"] {
      #expect(try read(text, .creditCode) == .failure(.notACreditCode))
    }
  }

  @Test func anythingAtAllIsReadOrRefused() throws {
    var generator = SeededGenerator(seed: 7)
    for kind in IdentifierKind.allCases {
      let reader = try IdentifierReader(kind, country: "CN")
      for _ in 0..<3000 {
        let cell = randomCell(&generator)
        guard let once = try? reader.read(cell.span) else { continue }
        #expect((try? reader.read(once.span)) == once)
      }
    }
  }
}

@Suite struct MoreDatesTests {
  @Test(arguments: [
    ([DateLocale.de], "3. November 2022", "2022-11-03"), ([.de], "3. März 2022", "2022-03-03"),
    ([.de], "03. MÄRZ 2022", "2022-03-03"),
    ([.de], "3. Okt. 2022", "2022-10-03"), ([.de], "den 1. Jänner 2022", "2022-01-01"),
    ([.fr], "1er août 2022", "2022-08-01"),
    ([.fr], "le 3 février 2022", "2022-02-03"), ([.fr], "3 DÉCEMBRE 2022", "2022-12-03"),
    ([.fr], "3 janv. 2022", "2022-01-03"),
    ([.es], "3 de noviembre de 2022", "2022-11-03"), ([.es], "3 ene 2022", "2022-01-03"),
    ([.de, .fr], "3 mai 2022", "2022-05-03"),
    ([.en], "3 November 2022", "2022-11-03"), ([.zh], "2022年11月3日", "2022-11-03"),
  ]) func monthsHaveNamesInTheDeclaredLanguages(locales: [DateLocale], text: String, day: String) throws {
    let reader = try DateReader(format: "any", locales: locales)
    #expect(outcome(text, reader.read).map(\.text) == .success(day))
  }

  @Test(arguments: ["3. März 2022", "3 de noviembre de 2022", "1er août 2022"])
  func otherLanguagesAreNotGuessed(text: String) throws {
    #expect(outcome(text, try DateReader(format: "any").read) == .failure(.notADate))
  }

  @Test func theOrderOfDayAndMonthIsDeclared() throws {
    for (normalizer, day) in [(Normalizer.dayFirst, "2022-04-03"), (.monthFirst, "2022-03-04")] {
      let reader = try DateReader(format: "any", normalizers: [normalizer])
      #expect(outcome("3/4/2022", reader.read).map(\.text) == .success(day))
      // What is certain stays as it is.
      #expect(outcome("2022-11-03", reader.read).map(\.text) == .success("2022-11-03"))
    }
    #expect(
      outcome("13/4/2022", try DateReader(format: "any", normalizers: [.dayFirst]).read).map(\.text)
        == .success("2022-04-13"))
    #expect(outcome("3/4/2022", try DateReader(format: "any").read) == .failure(.ambiguousDate))
  }

  @Test(arguments: [
    ("上午9点半", 9, 30), ("下午2点一刻", 14, 15), ("9点三刻", 9, 45), ("晚上8点", 20, 0), ("凌晨3点20分", 3, 20), ("中午12点", 12, 0),
    ("中午1点", 13, 0), ("中午11点半", 11, 30), ("早上7点整", 7, 0), ("十点钟", 10, 0), ("14时30分", 14, 30), ("2:30 pm", 14, 30),
    ("14:30 北京时间", 14, 30), ("14:30 UTC+8", 14, 30),
  ]) func timesAreReadAsTheyAreSaid(text: String, hour: Int32, minute: Int32) throws {
    #expect(outcome(text, try TimeReader(format: "any").read).map(\.seconds) == .success(hour * 3600 + minute * 60))
  }

  @Test(arguments: [
    ("2022-11-03 14:30 UTC+8", 480), ("2022-11-03 14:30 GMT-05:00", -300), ("2022年11月3日14时30分 北京时间", 480),
    ("2022-11-03 14:30 UTC", 0),
  ]) func zonesHaveNames(text: String, offset: Int16) throws {
    let read = outcome(text, try TimestampReader(format: "any").read)
    #expect(read.map(\.offsetMinutes) == .success(offset) && read.map(\.hasZone) == .success(true))
  }

  @Test(arguments: [("1/2", 0.5), ("-3/2", -1.5), ("1 3/5", 1.6), ("３／５", 0.6), ("4", 4)])
  func fractionsAreNumbersWhereTheyAreDeclared(text: String, value: Double) throws {
    #expect(outcome(text, NumberReader(normalizers: [.fractions]).readNumber) == .success(value))
  }

  @Test(arguments: ["1/0", "1/", "/2", "1/2/3", "1 2", "1/2年"]) func otherFractionsAreNone(text: String) {
    #expect(outcome(text, NumberReader(normalizers: [.fractions]).readNumber) == .failure(.notANumber))
    #expect(outcome("1/2", NumberReader(normalizers: [.numberMarks]).readNumber) == .failure(.notANumber))
  }
}
