// Check.
extension Catalogue {
  static let checking: [Rule] = []
}
