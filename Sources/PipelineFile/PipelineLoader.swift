package import Campaign
package import Diagnostics

/// What a pipeline file says, or what is wrong with it.
package struct LoadedPipeline: Sendable {
  /// `nil` when there is an error among the diagnostics.
  package var definition: CampaignDefinition?
  /// Errors, warnings and notes of all files, by place: those of `pipeline.yaml` first.
  package var diagnostics: [Diagnostic]
}

/// Reads the language that docs/pipeline.md defines.
package enum PipelineLoader {
  package static let fileName = "pipeline.yaml"

  /// Reads `pipeline.yaml` of `folder` and the schema files that it names. Nothing else is opened: rosters and code lists
  /// are read by whoever reads delimited files (`ReferenceLoader`).
  ///
  /// - Parameters:
  ///   - read: the bytes of a file, given by `folder/path`. The places in diagnostics say the path without the folder.
  ///   - tables: names of the built-in tables; `output.tables` is not checked when empty.
  ///   - isPattern: what is wrong with a regular expression, or `nil`.
  package static func load(
    folder: String, tables: [String] = [], isPattern: (String) -> String? = { _ in nil },
    read: (String) throws -> [UInt8]
  ) -> LoadedPipeline {
    LoadedPipeline(definition: nil, diagnostics: [])
  }
}
