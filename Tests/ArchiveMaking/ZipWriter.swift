import CZlib
import Containers

/// A zip archive made by hand, so that each part of it can be wrong.
package struct ZipWriter {
  package struct Member {
    package var name: [UInt8]
    package var content: [UInt8]
    package var isDeflated = false
    package var flags: UInt16 = 0
    package var method: UInt16?
    package var checksum: UInt32?
    package var unpacked: Int?
    package var packed: [UInt8]?
    package var extra: [UInt8] = []
    package var attributes: UInt32 = 0
    package var madeBy: UInt16 = 20
    package var localName: [UInt8]?
    /// Sizes and checksum stand behind the content only.
    package var hasDescriptor = false
    package var isLarge = false

    package init(_ name: String, _ content: String = "", deflated: Bool = false) {
      self.name = Array(name.utf8)
      self.content = Array(content.utf8)
      isDeflated = deflated
    }
  }
  package var members: [Member] = []
  package var before: [UInt8] = []
  package var comment: [UInt8] = []
  package var countInEnd: Int?
  package var isLarge = false

  package init(_ members: [Member] = []) { self.members = members }

  package func bytes() -> [UInt8] {
    var output = before
    var directory: [UInt8] = []
    for member in members {
      let offset = output.count - before.count
      let packed = member.packed ?? (member.isDeflated ? deflated(member.content, raw: true) : member.content)
      let sum = member.checksum ?? checksum(of: member.content)
      let unpacked = member.unpacked ?? member.content.count
      let method = member.method ?? (member.isDeflated ? 8 : 0)
      let flags = member.flags | (member.hasDescriptor ? 8 : 0)
      let name = member.localName ?? member.name
      output += le(0x0403_4B50, 4) + le(45, 2) + le(Int(flags), 2) + le(Int(method), 2) + le(0, 4)
      output += member.hasDescriptor ? le(0, 12) : le(Int(sum), 4) + le(packed.count, 4) + le(unpacked, 4)
      output += le(name.count, 2) + le(0, 2) + name + packed
      if member.hasDescriptor { output += le(0x0807_4B50, 4) + le(Int(sum), 4) + le(packed.count, 4) + le(unpacked, 4) }
      var extra = member.extra
      if member.isLarge { extra += le(1, 2) + le(24, 2) + le(unpacked, 8) + le(packed.count, 8) + le(offset, 8) }
      directory += le(0x0201_4B50, 4) + le(Int(member.madeBy), 2) + le(45, 2) + le(Int(flags), 2) + le(Int(method), 2)
      directory += le(0, 4) + le(Int(sum), 4)
      directory += member.isLarge ? le(0xFFFF_FFFF, 4) + le(0xFFFF_FFFF, 4) : le(packed.count, 4) + le(unpacked, 4)
      directory += le(member.name.count, 2) + le(extra.count, 2) + le(0, 2) + le(0, 2) + le(0, 2)
      directory += le(Int(member.attributes), 4) + le(member.isLarge ? 0xFFFF_FFFF : offset, 4) + member.name + extra
    }
    let start = output.count - before.count
    let count = countInEnd ?? members.count
    output += directory
    if isLarge {
      let place = output.count - before.count
      output += le(0x0606_4B50, 4) + le(44, 8) + le(45, 2) + le(45, 2) + le(0, 4) + le(0, 4)
      output += le(count, 8) + le(count, 8) + le(directory.count, 8) + le(start, 8)
      output += le(0x0706_4B50, 4) + le(0, 4) + le(place, 8) + le(1, 4)
    }
    output += le(0x0605_4B50, 4) + le(0, 4) + le(isLarge ? 0xFFFF : count, 2) + le(isLarge ? 0xFFFF : count, 2)
    output += le(isLarge ? 0xFFFF_FFFF : directory.count, 4) + le(isLarge ? 0xFFFF_FFFF : start, 4)
    return output + le(comment.count, 2) + comment
  }
}

package func le(_ value: Int, _ width: Int) -> [UInt8] {
  (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// Packed by zlib, as raw deflate or as a .gz file.
package func deflated(_ bytes: [UInt8], raw: Bool = false) -> [UInt8] {
  var stream = z_stream()
  let version = zlibVersion()
  precondition(
    deflateInit2_(
      &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw ? -15 : 31, 8, Z_DEFAULT_STRATEGY, version,
      Int32(MemoryLayout<z_stream>.size)) == Z_OK)
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
  let capacity = output.count
  let code = input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(capacity)
      return deflate(&stream, Z_FINISH)
    }
  }
  precondition(code == Z_STREAM_END)
  return Array(output[..<(capacity - Int(stream.avail_out))])
}
