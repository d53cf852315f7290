package import Diagnostics

/// What the office decided about a value or a record that a team handed in: a line of a corrections file. Input files are
/// never changed; a run reads them as if the decision stood in them.
package struct Correction: Sendable, Hashable {
  package enum Action: String, Sendable, CaseIterable {
    /// The cell is read as if the new value stood there.
    case replace
    /// The value stays as it is, and its fault does not reject the record.
    case accept
    /// The record is left out.
    case drop
  }

  /// A cell of the records of a source.
  package struct Target: Sendable, Hashable {
    /// Place of the source in the pipeline.
    package var source: Int
    /// 0: the record itself; else the number of the repeat, from 1.
    package var group: Int
    /// Which element of the repeat, from 1; 0 for any.
    package var element: Int
    /// Place among the fields of the record or of the repeat; `nil` for the record as a whole.
    package var field: Int?
    package init(source: Int, group: Int = 0, element: Int = 0, field: Int? = nil) {
      self.source = source
      self.group = group
      self.element = element
      self.field = field
    }
  }

  /// As written, without white space at the ends. `record` is an id of the work list, or `everyRecord`.
  package var record: String
  package var source: String
  package var field: String
  package var oldValue: String
  package var newValue: String
  package var action: Action
  /// Id of the rule whose fault is accepted; any when empty.
  package var rule: String
  package var who: String
  package var why: String
  package var date: String
  package var location: SourceLocation
  /// What it is about; empty when it was refused.
  package var targets: [Target] = []
  /// Why it is not even tried.
  package var refusal: CorrectionState?

  /// The record id of a decision that holds for every record with the old value.
  package static let everyRecord = "*"

  package init(
    record: String, source: String = "", field: String, oldValue: String, newValue: String = "",
    action: Action = .replace, rule: String = "", who: String = "", why: String = "", date: String = "",
    location: SourceLocation
  ) {
    self.record = record
    self.source = source
    self.field = field
    self.oldValue = oldValue
    self.newValue = newValue
    self.action = action
    self.rule = rule
    self.who = who
    self.why = why
    self.date = date
    self.location = location
  }
}

/// What became of a correction.
package enum CorrectionState: UInt8, Sendable, CaseIterable {
  case applied
  /// The new value is there already; the accepted value is not at fault.
  case already, notNeeded
  /// A line says again what another one says.
  case repeated
  case recordNotFound, oldValueDiffers
  /// An accepted value that its field cannot read, or a fault that leaves nothing to count.
  case cannotBeAccepted
  case noRecord, noOldValue, actionUnknown, sourceUnknown, sourceAmbiguous, fieldUnknown, contradicts

  /// Whether somebody's decision is not in the result.
  package var isFailure: Bool {
    switch self {
    case .applied, .already, .notNeeded, .repeated: false
    default: true
    }
  }

  package var code: String {
    switch self {
    case .applied: "applied"
    case .already: "already"
    case .notNeeded: "not-needed"
    case .repeated: "repeated"
    case .recordNotFound: "record-not-found"
    case .oldValueDiffers: "old-value-differs"
    case .cannotBeAccepted: "cannot-be-accepted"
    case .noRecord: "no-record-id"
    case .noOldValue: "no-old-value"
    case .actionUnknown: "action-unknown"
    case .sourceUnknown: "source-unknown"
    case .sourceAmbiguous: "source-ambiguous"
    case .fieldUnknown: "field-unknown"
    case .contradicts: "contradicts"
    }
  }

  package var label: LocalizedText {
    switch self {
    case .applied: LocalizedText(zh: "已采用", en: "applied")
    case .already: LocalizedText(zh: "上报内容已是新内容", en: "the new value stands there already")
    case .notNeeded: LocalizedText(zh: "没有需要认可的问题", en: "there is no fault to accept, or no such value")
    case .repeated: LocalizedText(zh: "与另一行相同", en: "says the same as another line")
    case .recordNotFound: LocalizedText(zh: "未采用：没有这条记录", en: "not applied: there is no such record")
    case .oldValueDiffers: LocalizedText(zh: "未采用：上报内容与原内容不同", en: "not applied: another value stands there")
    case .cannotBeAccepted:
      LocalizedText(zh: "未采用：此问题不能认可，请改填新内容", en: "not applied: this fault cannot be accepted, give a new value")
    case .noRecord: LocalizedText(zh: "未采用：没有记录编号", en: "not applied: no record id")
    case .noOldValue:
      LocalizedText(zh: "未采用：对所有记录更正须写明原内容", en: "not applied: a correction of all records needs an old value")
    case .actionUnknown: LocalizedText(zh: "未采用：处理方式不对", en: "not applied: not an action")
    case .sourceUnknown: LocalizedText(zh: "未采用：没有这个数据源", en: "not applied: there is no such source")
    case .sourceAmbiguous: LocalizedText(zh: "未采用：须写明数据源", en: "not applied: several sources could be meant")
    case .fieldUnknown: LocalizedText(zh: "未采用：没有这个字段", en: "not applied: there is no such field")
    case .contradicts: LocalizedText(zh: "未采用：与另一行矛盾", en: "not applied: another line contradicts it")
    }
  }
}
