// swift-tools-version: 6.2
import PackageDescription

// Apart from the program: nothing here is part of a normal build, and nothing here sees the program's modules.
let package = Package(
  name: "Benchmarks",
  targets: [
    .executableTarget(
      name: "benchdata",
      swiftSettings: [
        .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error),
      ])
  ]
)
