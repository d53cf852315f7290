import Glibc

/// A lock for what takes a while: who finds it taken sleeps. (`Synchronization.Mutex`, made for a few instructions, has the
/// kernel spin as long as the holder runs: of the tasks that read a large file that took a tenth of the processors' time.)
///
/// Unchecked: `value` is touched by the holder alone.
@safe final class WaitingLock<Value>: @unchecked Sendable {
  private var value: Value
  // SAFETY: made in init, let go of in deinit, never handed out.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  init(_ value: Value) {
    self.value = value
    unsafe mutex = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    let status = unsafe pthread_mutex_init(mutex, nil) | pthread_cond_init(changed, nil)
    precondition(status == 0, "no memory for a lock")
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(changed)
      unsafe pthread_mutex_unlock(mutex)
    }
    return body(&value)
  }

  /// Waits until the value is what is asked for.
  ///
  /// - Parameter waits: whether it does; if not, it only looks.
  /// - Returns: whether the value is that.
  func wait(isOver: (Value) -> Bool, waits: Bool) -> Bool {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while !isOver(value) {
      if !waits { return false }
      unsafe pthread_cond_wait(changed, mutex)
    }
    return true
  }
}
