import Testing
import XMLInput

/// How the bytes arrive must not matter.
struct BlockTests {
  private static let tricky = """
    <?xml version="1.0" encoding="GB2312"?>
    <!-- a <comment> with 'quotes" -->
    <?pi <x a="?>
    <all round='3' note="a > b">\r
      <r a='1 > 2' b="&lt;&amp;'>"><x>one &amp; two</x><y><![CDATA[<z a="]]]]><![CDATA[>]]></y><!-- <q a=" --></r>
      <r><x>中文\u{1F600}</x>text<y/></r  ><r
        a='>'
      /><r><x>1</x><jr:y>3</jr:y></r><skip><r/></skip>
      <r><x>1</x><x>2</x></r>
    </all><!-- end --><?end?>

    """

  @Test(arguments: Array(1...64) + [100, 1000])
  func anyBlockSizeGivesTheSameRecords(block: Int) throws {
    let plan = try plan("/all/r", ["@a", "@b", "x", "y", ".", "../@note"])
    let whole = read(Self.tricky, plan)
    #expect(whole.rows.count == 5 && whole.failure == nil)
    #expect(whole.rows[0] == "0|1 > 2|<&'>|one & two|<z a=\"]]>||a > b")
    #expect(whole.raw[2] == "<r\n    a='>'\n  />")
    #expect(read(Self.tricky, plan, block: block) == whole)
  }

  /// Blocks of the reader are 8 and 64 KiB: padding moves each construct over their ends.
  @Test func theEndOfABlockMayFallAnywhere() throws {
    let plan = try plan("/all/r", ["@a", "@b", "x", "y", "."])
    let body = "<r a='1 > 2' b=\"&lt;'>\"><x>one &amp; two</x><y><![CDATA[<z a=\"]]></y><!-- <q --></r >"
    for padding in 0..<body.utf8.count + 8 {
      let text = "<all>" + String(repeating: " ", count: (8 << 10) - padding - 5) + body + body + "</all>"
      let outcome = read(text, plan)
      #expect(
        outcome.rows == ["0|1 > 2|<'>|one & two|<z a=\"|", "0|1 > 2|<'>|one & two|<z a=\"|"], "padding \(padding)")
      #expect(outcome.raw == [body, body], "padding \(padding)")
    }
  }

  /// A record that is open when a batch is full moves on, with the values of ancestors that it shares with earlier ones.
  @Test func largeRecordsShareValuesOfAncestors() throws {
    let plan = try plan("/all/r", ["../@note"], repeats: [("f", ["../../@note", ".", "@n"])])
    let note = String(repeating: "好", count: 20)
    let record = "<r>" + (1...300).map { "<f n='\($0)'>\($0)</f>" }.joined() + "</r>"
    let outcome = read("<all note='\(note)'>" + String(repeating: record, count: 900) + "</all>", plan)
    #expect(outcome.records == 900 && outcome.batches > 3 && outcome.failure == nil)
    for (index, row) in outcome.rows.enumerated() {
      let place = index % 301
      guard row == (place == 0 ? "0|\(note)" : "1|\(note)|\(place)|\(place)") else {
        Issue.record("row \(index): \(row.suffix(20))")
        return
      }
    }
  }

  @Test func recordsDoNotCrossBatches() throws {
    let plan = try plan("/all/r", ["@n", "x", "../@note"], repeats: [("f", [".", "../@n"])])
    var text = "<all note='好'>"
    for number in 1...9000 {
      text += "<r n='\(number)'><f>a\(number)</f><x>\(String(repeating: "x", count: number % 700))</x><f>b</f></r>\n"
    }
    text += "</all>"
    let outcome = read(text, plan)
    #expect(outcome.records == 9000 && outcome.rows.count == 27000 && outcome.batches > 3)
    for number in 1...9000 {
      let row = 3 * (number - 1)
      let x = String(repeating: "x", count: number % 700)
      guard outcome.rows[row] == "0|\(number)|\(x)|好", outcome.rows[row + 1] == "1|a\(number)|\(number)",
        outcome.rows[row + 2] == "1|b|\(number)", outcome.lines[row] == number,
        outcome.raw[row] == "<r n='\(number)'><f>a\(number)</f><x>\(x)</x><f>b</f></r>",
        outcome.raw[row + 2] == "<f>b</f>"
      else {
        Issue.record("record \(number): \(outcome.rows[row...row + 2]) \(outcome.raw[row])")
        return
      }
    }
  }
}
