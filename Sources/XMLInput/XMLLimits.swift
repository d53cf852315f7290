/// What one XML file may cost before it is refused. No questionnaire comes near these; files made to do harm do.
package struct XMLLimits: Sendable, Hashable {
  /// Elements within elements.
  package var depth = 200
  /// Bytes of one tag, from `<` to `>`; and of one value of an ancestor, which each batch of records repeats.
  package var tag = 64 << 10
  /// Attributes and namespace declarations of one tag, and declarations in scope at one place.
  package var attributes = 500
  /// Bytes of the text of one cell.
  package var text = 10 << 20
  /// Bytes of one comment, processing instruction or CDATA section: libxml2 looks for its end again with each block, and
  /// by itself refuses 10,000,000 bytes with a message that says less.
  package var section = 4 << 20
  /// Bytes of one record as it stands in the file.
  package var record = 64 << 20
  /// Cells of one record, those of its repeats included.
  package var cells = 1_000_000
  /// Bytes before the root element.
  package var prolog = 1 << 20
  package init() {}
}

extension XMLLimits {
  /// - Parameter changes: limits that are not the usual ones, by the names above.
  package init(_ changes: [String: Int]) {
    for (name, limit) in changes {
      switch name {
      case "depth": depth = limit
      case "tag": tag = limit
      case "attributes": attributes = limit
      case "text": text = limit
      case "section": section = limit
      case "record": record = limit
      case "cells": cells = limit
      case "prolog": prolog = limit
      default: preconditionFailure("there is no limit \(name)")
      }
    }
  }
}
