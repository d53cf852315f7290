import Foundation
import FuzzEntries
import Testing

/// Inputs that once made a reader fail, found by `Scripts/fuzz`, and one small good one for each.
@Suite struct RegressionTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fuzz/regressions")

  @Test(arguments: FuzzEntries.all.map(\.name))
  func inputsThatOnceFailedDoNot(name: String) throws {
    let entry = try #require(FuzzEntries.all.first { $0.name == name })
    let inputs = try FileManager.default.contentsOfDirectory(
      at: Self.folder.appending(path: name), includingPropertiesForKeys: nil)
    #expect(!inputs.isEmpty)
    for input in inputs.sorted(by: { $0.path < $1.path }) { entry.run([UInt8](try Data(contentsOf: input))) }
  }

  /// Every entry takes nothing, one byte, and all bytes.
  @Test(arguments: FuzzEntries.all.map(\.name))
  func entriesTakeAnything(name: String) throws {
    let entry = try #require(FuzzEntries.all.first { $0.name == name })
    for input in [[], [0], [0xFF], Array(UInt8.min...UInt8.max), Array(repeating: 0x22, count: 5000)] {
      entry.run(input)
    }
  }
}
