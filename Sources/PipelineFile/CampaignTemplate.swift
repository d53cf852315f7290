package import Diagnostics

/// The campaign that `fieldtally init` writes.
package enum CampaignTemplate {
  /// Paths are relative to the new folder; texts are UTF-8 with `\n`.
  package static func files(language: Language) -> [(path: String, text: String)] { [] }
}
