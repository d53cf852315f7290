// Reconcile.
extension Catalogue {
  static let reconciling: [Rule] = []
}
