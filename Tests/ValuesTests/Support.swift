import Campaign
import Diagnostics
import Foundation
import SeededRandom

@testable import Values

/// Runs `body` on the bytes of `text`.
func with<Result>(_ text: String, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
  try body(Array(text.utf8).span)
}

/// What a reader gives or throws, so that both stand in rows.
func outcome<Value>(_ text: String, _ read: (Span<UInt8>) throws(ValueError) -> Value) -> Result<Value, ValueError> {
  let bytes = Array(text.utf8)
  do throws(ValueError) {
    return .success(try read(bytes.span))
  } catch {
    return .failure(error)
  }
}

func written(_ write: (inout [UInt8]) -> Void) -> String {
  var bytes: [UInt8] = []
  write(&bytes)
  return String(decoding: bytes, as: UTF8.self)
}

/// Bytes that parsers stumble over: pieces of what cells hold, and anything.
func randomCell(_ generator: inout SeededGenerator) -> [UInt8] {
  let pieces = [
    "1", "2022", "11", "-", "/", ".", "年", "月", "日", "号", " ", "　", "１２", "万", "亿", "千", "百", "十", "零", "〇", "一", "三",
    "点", "分之", "又", "成", "%", ",", "e", "+", "INF", "NaN", "T", ":", "Z", "Nov", "民國", "時", "分", "秒", "半", "打", "廿",
    "负", "元",
    "1.", "1、", "（1）", "①", "②", "一、", "\n", "；", "。", "|", "\u{200B}", "00", "44868", "999999999999999999999",
  ]
  var cell: [UInt8] = []
  for _ in 0..<Int.random(in: 0...8, using: &generator) {
    if Int.random(in: 0..<6, using: &generator) == 0 {
      cell.append(UInt8.random(in: 0...255, using: &generator))
    } else {
      cell += Array(pieces.randomElement(using: &generator)!.utf8)
    }
  }
  return cell
}

/// Collections of real data beside the package, for those who have them.
let realData: URL = {
  var folder = URL(filePath: #filePath)
  for _ in 0..<3 { folder.deleteLastPathComponent() }
  return folder.appending(path: "../shared/data")
}()
func hasRealData(_ path: String) -> Bool { FileManager.default.fileExists(atPath: realData.appending(path: path).path) }
