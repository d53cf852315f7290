import CZlib
import Glibc

/// zlib's inflate over blocks of memory.
@safe final class Inflater {
  enum Form { case gzip, raw }
  struct Step {
    var read: Int
    var written: Int
    var hasEnded = false
    /// The data is not what deflate writes.
    var isBroken = false
  }
  // SAFETY: allocated in init, freed in deinit, never handed out.
  private let stream: UnsafeMutablePointer<z_stream>

  init(_ form: Form) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let code = unsafe ftally_inflate_init(stream, form == .gzip ? 31 : -15)
    precondition(code == Z_OK, "zlib has no memory for a stream")
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deinitialize(count: 1)
    unsafe stream.deallocate()
  }

  /// Ready for a new stream of the same form.
  func reset() { _ = unsafe inflateReset(stream) }

  /// Unpacks from `packed[range]` into `output`.
  func step(_ packed: [UInt8], _ range: Range<Int>, into output: UnsafeMutableRawBufferPointer) -> Step {
    let room = min(output.count, 1 << 30)
    return unsafe packed.withUnsafeBufferPointer { input in
      // SAFETY: zlib reads range.count bytes of `input` and writes at most `room` bytes, both within their buffers, and
      // keeps neither pointer: they are set anew in each step.
      unsafe stream.pointee.next_in = UnsafeMutablePointer(
        mutating: UnsafeBufferPointer(rebasing: input[range]).baseAddress)
      unsafe stream.pointee.avail_in = UInt32(range.count)
      unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.avail_out = UInt32(room)
      let code = unsafe inflate(stream, Z_NO_FLUSH)
      let left = unsafe (Int(stream.pointee.avail_in), Int(stream.pointee.avail_out))
      unsafe stream.pointee.next_in = nil
      unsafe stream.pointee.next_out = nil
      return Step(
        read: range.count - left.0, written: room - left.1, hasEnded: code == Z_STREAM_END,
        isBroken: code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
    }
  }
}

/// CRC-32 as zip and gzip have it.
func checksum(_ bytes: UnsafeRawBufferPointer, after sum: UInt32) -> UInt32 {
  guard let base = bytes.baseAddress else { return sum }
  // SAFETY: base and count are of one buffer.
  return UInt32(truncatingIfNeeded: unsafe crc32_z(UInt(sum), base.assumingMemoryBound(to: UInt8.self), bytes.count))
}

package func checksum(of bytes: [UInt8]) -> UInt32 { unsafe bytes.withUnsafeBytes { unsafe checksum($0, after: 0) } }
