/// An object that someone holds anyway, used without being counted: tasks that count the same object for each cell wait for each
/// other's memory.
@safe struct InPlace<Object: AnyObject & Sendable>: @unchecked Sendable {
  // SAFETY: who makes this holds the object as long.
  private let object: Unmanaged<Object>

  init(_ object: Object) { unsafe self.object = .passUnretained(object) }

  @inline(__always)
  func use<Value, Failure: Error>(_ body: (Object) throws(Failure) -> Value) throws(Failure) -> Value {
    let result = unsafe object._withUnsafeGuaranteedRef { object -> Result<Value, Failure> in
      do throws(Failure) { return .success(try body(object)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
