// Read, XML.
extension Catalogue {
  static let xml: [Rule] = []
}
