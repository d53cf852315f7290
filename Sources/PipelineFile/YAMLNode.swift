import Diagnostics

/// A YAML or JSON value as it was written, with its place. Scalars are text always: `no`, `0123` and `2022-11-01` mean what
/// stands there, not what YAML 1.1 makes of them. Aliases are replaced by what they name.
struct YAMLNode {
  enum Content {
    /// `isPlain` when no quotes stand around it.
    case text(String, isPlain: Bool)
    case list([YAMLNode])
    case mapping([Entry])
  }

  struct Entry {
    var key: String
    var keyPlace: SourceLocation
    var value: YAMLNode
  }

  var content: Content
  var place: SourceLocation
  /// Nodes in it, itself included, with aliases counted as often as they are used.
  var size: Int

  /// `null` and `~` without quotes: the key counts as not given.
  var isNull: Bool {
    guard case .text(let text, isPlain: true) = content else { return false }
    return ["null", "Null", "NULL", "~"].contains(text)
  }

  /// For messages: the text, or what stands there in its place.
  var written: String {
    switch content {
    case .text(let text, _): text
    case .list: "[…]"
    case .mapping: "{…}"
    }
  }
}
