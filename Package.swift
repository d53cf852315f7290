// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]
let stage: [SwiftSetting] = strict + [.strictMemorySafety()]

/// A module of the program, and the modules that it may see. The order below is the floor plan, bottom to top.
func module(_ name: String, sees dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: stage)
}
func tests(_ name: String, sees dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// How the program is linked, so that the loader has little to do when it starts: on the files of a small campaign it would be
/// at work as long as the program.
let program: [LinkerSetting] = [
  // What CLateLibraries opens when it is needed is left out here. Of the linkers, the toolchain's own can do that, and GNU ld
  // since 2.41.
  .unsafeFlags([
    "-use-ld=lld", "-Xlinker", "--remap-inputs=*/libxml2.so=/dev/null",
    "-Xlinker", "--remap-inputs=*/libxlsxwriter.so=/dev/null",
  ]),
  // Of the C++ library, only what Swift's runtime needs of it.
  .linkedLibrary(":libstdc++.a", .when(configuration: .release)),
  .unsafeFlags(["-Xlinker", "--remap-inputs=*/libstdc++.so=/dev/null"], .when(configuration: .release)),
  // No library asks the program for a function: each of its names would make the loader's look-ups longer.
  .unsafeFlags(["-Xlinker", "--no-export-dynamic"], .when(configuration: .release)),
]

let package = Package(
  name: "fieldtally",
  products: [.executable(name: "fieldtally", targets: ["fieldtally"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // C, one door each
    .target(name: "CScan"),
    .target(name: "CUnicode"),
    .target(name: "CSystem"),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .target(name: "CLateLibraries", dependencies: ["CLibXML2", "CXLSXWriter"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLibCrypto", providers: [.apt(["libssl-dev"])]),

    // vocabulary
    module("Diagnostics"),
    module("Bytes", sees: ["CScan", "Diagnostics"]),
    module("Campaign", sees: ["Diagnostics", "Bytes"]),
    module("Records", sees: ["Diagnostics", "Bytes", "Campaign"]),
    module("Tables", sees: ["Diagnostics", "Bytes", "Campaign"]),

    // stages, in the order in which the data flows
    module("Collect", sees: ["CLibCrypto", "Diagnostics", "Bytes", "Campaign"]),
    module("Containers", sees: ["CZlib", "Diagnostics", "Bytes"]),
    module("Encodings", sees: ["Diagnostics", "Bytes"]),
    module("Delimited", sees: ["Diagnostics", "Bytes", "Campaign", "Records"]),
    module("XMLInput", sees: ["CLibXML2", "CLateLibraries", "Diagnostics", "Bytes", "Campaign", "Records"]),
    module("Workbook", sees: ["CLibXML2", "CLateLibraries", "Containers", "Diagnostics", "Bytes"]),
    module("Values", sees: ["CUnicode", "Diagnostics", "Bytes", "Campaign"]),
    module("Expressions", sees: ["Diagnostics", "Bytes", "Campaign", "Values"]),
    module("Check", sees: ["Diagnostics", "Bytes", "Campaign", "Records", "Values", "Expressions"]),
    module("Reconcile", sees: ["Diagnostics", "Bytes", "Campaign", "Records", "Expressions"]),
    module("FieldChecks", sees: ["Diagnostics", "Bytes", "Campaign", "Records", "Tables", "Expressions"]),
    module("Tally", sees: ["Diagnostics", "Bytes", "Campaign", "Records", "Tables"]),
    module("Report", sees: ["CSystem", "CXLSXWriter", "CLateLibraries", "Diagnostics", "Bytes", "Campaign", "Tables"]),

    // the pipeline file, and what wires the stages
    module("PipelineFile", sees: ["CLibYAML", "Diagnostics", "Bytes", "Campaign", "Expressions"]),
    module(
      "Pipeline",
      sees: [
        "Diagnostics", "Bytes", "Campaign", "Records", "Tables", "Collect", "Containers", "Encodings", "Delimited",
        "XMLInput", "Workbook", "Values", "Expressions", "Check", "Reconcile", "FieldChecks", "Tally", "Report",
        "PipelineFile",
      ]),
    .executableTarget(
      name: "fieldtally",
      dependencies: [
        "CSystem", "CLateLibraries", "Pipeline", "Diagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: stage,
      linkerSettings: program),

    tests("DiagnosticsTests", sees: ["Diagnostics"]),
    tests("BytesTests", sees: ["SeededRandom", "Bytes"]),
    tests("CampaignTests", sees: ["Campaign", "Bytes", "Diagnostics"]),
    tests("RecordsTests", sees: ["SeededRandom", "Records", "Campaign", "Bytes", "Diagnostics"]),
    tests("CollectTests", sees: ["Collect", "Campaign", "Bytes", "Diagnostics"]),
    tests("ExpressionsTests", sees: ["Expressions", "Campaign", "Diagnostics"]),
    tests(
      "FieldChecksTests", sees: ["FieldChecks", "Expressions", "Records", "Tables", "Campaign", "Bytes", "Diagnostics"]),
    tests("CheckTests", sees: ["SeededRandom", "Check", "Expressions", "Records", "Campaign", "Bytes", "Diagnostics"]),
    tests("ReconcileTests", sees: ["SeededRandom", "Reconcile", "Records", "Campaign", "Bytes", "Diagnostics"]),
    tests(
      "TallyTests",
      sees: ["SeededRandom", "Tally", "Reconcile", "Records", "Tables", "Campaign", "Bytes", "Diagnostics"]),
    tests("PipelineTests", sees: ["Pipeline", "Records", "Tables", "Campaign", "Diagnostics"]),
    tests("PipelineFileTests", sees: ["PipelineFile", "Bytes", "Diagnostics", "Campaign"]),
    .testTarget(
      name: "EndToEndTests", dependencies: ["fieldtally", "ArchiveMaking", "Collect"],
      exclude: ["RealData", "Samples"], swiftSettings: strict),
    tests("ReportTests", sees: ["SeededRandom", "Report", "Tables", "Campaign", "Diagnostics"]),
    .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: strict),
    .target(
      name: "ArchiveMaking", dependencies: ["CZlib", "Containers"], path: "Tests/ArchiveMaking", swiftSettings: strict),
    tests("ContainersTests", sees: ["ArchiveMaking", "Containers", "Bytes", "Diagnostics"]),
    tests("WorkbookTests", sees: ["ArchiveMaking", "Workbook", "Containers", "Bytes", "Diagnostics"]),
    tests("EncodingsTests", sees: ["Encodings", "Bytes", "Diagnostics"]),
    tests(
      "DelimitedTests", sees: ["SeededRandom", "Delimited", "Encodings", "Records", "Campaign", "Bytes", "Diagnostics"]),
    tests("XMLInputTests", sees: ["SeededRandom", "XMLInput", "Diagnostics", "Bytes", "Campaign", "Records"]),
    tests("ValuesTests", sees: ["SeededRandom", "Values", "Bytes", "Campaign", "Diagnostics"]),
    .testTarget(
      name: "ConvertTests", dependencies: ["fieldtally", "Pipeline", "Diagnostics", "Encodings", "Bytes"],
      exclude: ["cases"], swiftSettings: strict),
    .target(
      name: "FuzzEntries",
      dependencies: [
        "Pipeline", "PipelineFile", "Delimited", "XMLInput", "Workbook", "Records", "Campaign", "Bytes", "Diagnostics",
      ],
      path: "Tests/Fuzz/Entries", swiftSettings: strict),
    .testTarget(
      name: "RegressionTests", dependencies: ["FuzzEntries"], path: "Tests/RegressionTests", swiftSettings: strict),
  ]
)

// `Scripts/fuzz` builds the program's modules with libFuzzer's counters in them.
if Context.environment["FIELDTALLY_FUZZ"] != nil {
  let counted = [SwiftSetting.unsafeFlags(["-sanitize=fuzzer"])]
  for target in package.targets where target.type == .regular {
    target.swiftSettings = (target.swiftSettings ?? []) + counted
  }
  package.targets += [
    .target(name: "FuzzDriver", path: "Tests/Fuzz/Driver"),
    .executableTarget(
      name: "Fuzz", dependencies: ["FuzzEntries", "FuzzDriver"], path: "Tests/Fuzz/Targets",
      swiftSettings: counted + [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
  ]
}
