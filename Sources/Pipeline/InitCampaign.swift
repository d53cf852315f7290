package import Diagnostics
import Glibc
import PipelineFile

/// Writes a new campaign from the template into a folder that is empty or not there yet.
///
/// - Returns: paths of the files, relative to the folder.
package func initCampaign(_ folder: String, language: Language) throws(RunFailure) -> [String] {
  guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw failure(folder, errno) }
  guard let stream = unsafe opendir(folder) else { throw failure(folder, errno) }
  defer { unsafe closedir(stream) }
  while let entry = unsafe readdir(stream) {
    let first = unsafe entry.pointee.d_name.0
    if first != CChar(bitPattern: UInt8(ascii: ".")) { throw failure(folder, ENOTEMPTY) }
  }
  var written: [String] = []
  for (path, text) in CampaignTemplate.files(language: language) {
    var above = folder
    for name in path.split(separator: "/").dropLast() {
      above += "/" + name
      guard unsafe mkdir(above, 0o755) == 0 || errno == EEXIST else { throw failure(above, errno) }
    }
    try write(Array(text.utf8), to: folder + "/" + path)
    written.append(path)
  }
  return written
}

private func write(_ bytes: [UInt8], to path: String) throws(RunFailure) {
  let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw failure(path, errno) }
  defer { close(descriptor) }
  var done = 0
  while done < bytes.count {
    // SAFETY: `done` is below the count of `bytes`.
    let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { throw failure(path, errno) }
    done += count
  }
}

private func failure(_ path: String, _ code: Int32) -> RunFailure {
  let reason = unsafe String(cString: strerror(code))
  return RunFailure([Diagnostic(.outputFolderUnusable, at: SourceLocation(file: path), [.literal(reason)])], 73)
}
