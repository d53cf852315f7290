import Diagnostics
import Pipeline

/// `run FOLDER` with options in their plain form, each at most once: what scripts and cron start. Read without
/// ArgumentParser, which takes two milliseconds to find out what a command may be given. All else is left to it: faults, help,
/// abbreviations, `--option=value`.
struct PlainRun {
  private(set) var options: RunOptions
  private(set) var language: Language?
  private(set) var isQuiet = false

  /// - Parameter arguments: behind the program's name.
  init?(_ arguments: [String]) {
    guard arguments.first == "run" else { return nil }
    var folder: String?
    var values: [String: String] = [:]
    var place = 1
    while place < arguments.count {
      let argument = arguments[place]
      switch argument {
      case "--quiet", "--no-cache", "--show-personal":
        guard values.updateValue("", forKey: argument) == nil else { return nil }
      case "--inbox", "--out", "--as-of", "--jobs", "--lang":
        place += 1
        guard place < arguments.count, !arguments[place].isEmpty, !arguments[place].hasPrefix("-"),
          values.updateValue(arguments[place], forKey: argument) == nil
        else { return nil }
      default:
        guard folder == nil, !argument.isEmpty, !argument.hasPrefix("-") else { return nil }
        folder = argument
      }
      place += 1
    }
    guard let folder else { return nil }
    options = RunOptions(folder: folder)
    options.inbox = values["--inbox"]
    options.out = values["--out"]
    options.asOf = values["--as-of"]
    options.usesCache = values["--no-cache"] == nil
    options.showsPersonal = values["--show-personal"] != nil
    isQuiet = values["--quiet"] != nil
    if let jobs = values["--jobs"] {
      guard let number = Int(jobs), (1...1024).contains(number) else { return nil }
      options.jobs = number
    }
    if let name = values["--lang"] {
      guard let lang = Lang(rawValue: name) else { return nil }
      language = lang.language
    }
  }
}
