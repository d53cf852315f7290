package import Diagnostics

/// The campaign that `fieldtally init` writes: small, complete, and with one bad record to be found.
package enum CampaignTemplate {
  /// Paths are relative to the new folder. Texts have `\n` at line ends; CSV files begin with a byte order mark, without
  /// which spreadsheets on a Chinese Windows do not take them for UTF-8.
  package static func files(language: Language) -> [(path: String, text: String)] {
    let files = language == .zh ? chinese : english
    return files.map { ($0.path, $0.path.hasSuffix(".csv") ? "\u{FEFF}" + $0.text : $0.text) }
  }
}
