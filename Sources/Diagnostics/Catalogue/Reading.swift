// Read, delimited text.
extension Catalogue {
  static let reading: [Rule] = []
}
