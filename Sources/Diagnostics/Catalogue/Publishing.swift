// Report.
extension Catalogue {
  static let publishing: [Rule] = []
}
