import Foundation
import FuzzEntries

/// The entry that `FUZZ_TARGET` names.
private let entry: @Sendable ([UInt8]) -> Void = {
  let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
  guard let found = FuzzEntries.all.first(where: { $0.name == name }) else {
    fatalError("FUZZ_TARGET must be one of \(FuzzEntries.all.map(\.name).joined(separator: ", "))")
  }
  return found.run
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func runOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  entry(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
