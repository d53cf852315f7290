import CXLSXWriter
import Campaign
import Diagnostics
import Glibc

/// A workbook of libxlsxwriter, written when it is closed. Sheets and formats belong to it and end with it.
///
/// The library keeps all cells in memory, about 100 bytes a cell: its mode of constant memory writes texts into the sheets,
/// and WPS Office does not open such files.
@safe struct Workbook: ~Copyable {
  private let handle: UnsafeMutablePointer<lxw_workbook>
  private var isClosed = false

  /// `nil` when memory is short. Temporary files are made in `temporaryFolder` and have no name by the time they are written.
  init?(path: String, temporaryFolder: String) {
    let handle: UnsafeMutablePointer<lxw_workbook>? = unsafe temporaryFolder.withCString { temporaryFolder in
      var options = unsafe lxw_workbook_options(
        constant_memory: 0, tmpdir: UnsafeMutablePointer(mutating: temporaryFolder), use_zip64: 0)
      // The library copies both strings.
      return unsafe workbook_new_opt(path, &options)
    }
    guard let handle = unsafe handle else { return nil }
    unsafe self.handle = handle
  }

  deinit { if !isClosed { unsafe lxw_workbook_free(handle) } }

  /// Without a day of its own the library would write the time of day, and no two runs would give the same bytes.
  borrowing func setProperties(title: String, day: Day) {
    // The library takes no more than 255 characters, and no property at all when one is too long.
    unsafe prefix(of: printable(title), units: 255).withCString { title in
      var properties = unsafe lxw_doc_properties()
      unsafe properties.title = UnsafeMutablePointer(mutating: title)
      // Noon: the library takes 0, midnight of 1970-01-01, for "now".
      unsafe properties.created = time_t(day.number) * 86_400 + 43_200
      unsafe workbook_set_properties(handle, &properties)
    }
  }

  /// `nil` when the name is not legal.
  borrowing func addSheet(named name: String) -> Sheet? {
    guard let sheet = unsafe workbook_add_worksheet(handle, name) else { return nil }
    return unsafe Sheet(handle: sheet)
  }

  borrowing func addFormat(_ description: FormatDescription) -> Format {
    guard let format = unsafe workbook_add_format(handle) else { preconditionFailure("no memory for a format") }
    unsafe format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
    if let numberFormat = description.numberFormat { unsafe format_set_num_format(format, numberFormat) }
    if description.wraps { unsafe format_set_text_wrap(format) }
    if description.isCentered { unsafe format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue)) }
    if description.isNote {
      unsafe format_set_italic(format)
      unsafe format_set_font_color(format, 0x7F7F7F)
    }
    if description.isHeading {
      unsafe format_set_bold(format)
      unsafe format_set_bg_color(format, 0xDDEBF7)
      unsafe format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue))
      unsafe format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
    }
    return unsafe Format(handle: format)
  }

  /// A chart with horizontal bars, the first category on top: names of units are long, and read without turning the head.
  borrowing func addBarChart(_ chart: BarChart) {
    guard let handle = unsafe workbook_add_chart(handle, UInt8(LXW_CHART_BAR.rawValue)) else { return }
    unsafe chart_title_set_name(handle, printable(chart.title))
    let (first, last) = (chart.rows.lowerBound, chart.rows.upperBound - 1)
    for column in chart.valueColumns {
      guard let series = unsafe chart_add_series(handle, nil, nil) else { continue }
      unsafe chart_series_set_name_range(series, chart.sheetName, 0, UInt16(column))
      unsafe chart_series_set_categories(
        series, chart.sheetName, UInt32(first), UInt16(chart.labelColumn), UInt32(last), UInt16(chart.labelColumn))
      unsafe chart_series_set_values(
        series, chart.sheetName, UInt32(first), UInt16(column), UInt32(last), UInt16(column))
    }
    // In a bar chart the library calls the vertical axis `y`, the one of the categories. Reversed it begins at the top, and
    // would take the numbers up with it.
    unsafe chart_axis_set_reverse(handle.pointee.y_axis)
    unsafe chart_axis_set_crossing_max(handle.pointee.y_axis)
    unsafe chart_axis_set_interval_unit(handle.pointee.y_axis, 1)
    if chart.isShare { unsafe chart_axis_set_num_format(handle.pointee.x_axis, "0%") }
    if chart.valueColumns.count == 1 {
      unsafe chart_legend_set_position(handle, UInt8(LXW_CHART_LEGEND_NONE.rawValue))
    } else {
      unsafe chart_legend_set_position(handle, UInt8(LXW_CHART_LEGEND_TOP.rawValue))
    }
    let height = 110 + chart.rows.count * (10 + 12 * chart.valueColumns.count)
    var options = unsafe lxw_chart_options()
    unsafe options.x_scale = 1.5
    // The library's chart is 288 pixels high.
    unsafe options.y_scale = Double(height) / 288
    unsafe worksheet_insert_chart_opt(chart.sheet.handle, 1, UInt16(chart.place), handle, &options)
  }

  /// Writes the file. The library hides what its temporary files suffer: see `WorkbookWriter` for how room is made sure of.
  consuming func close() throws(WorkbookError) {
    isClosed = true
    errno = 0
    let code = unsafe workbook_close(handle)
    if code != LXW_NO_ERROR { throw WorkbookError(code) }
  }
}

/// An answer of the library other than "no error".
@safe struct WorkbookError: Error {
  let text: String
  /// `errno` as the library left it; 0 when the system had nothing to do with it.
  let systemError: Int32
  let isCreation: Bool

  init(_ code: lxw_error) {
    systemError = errno
    isCreation = code == LXW_ERROR_CREATING_XLSX_FILE
    text = unsafe lxw_strerror(code).map { unsafe String(cString: $0) } ?? "libxlsxwriter error \(code.rawValue)"
  }
}

struct FormatDescription: Hashable {
  var numberFormat: String? = nil
  var wraps = false
  var isCentered = false
  var isHeading = false
  var isNote = false
}

/// Belongs to its workbook.
@safe struct Format {
  fileprivate let handle: UnsafeMutablePointer<lxw_format>
}

struct BarChart {
  var title: String
  var sheet: Sheet
  var sheetName: String
  var rows: Range<Int>
  var labelColumn: Int
  var valueColumns: [Int]
  var isShare: Bool
  /// Column at whose left edge the chart begins.
  var place: Int
}

/// A sheet of a workbook; not to be used after it is closed. Rows and columns count from 0.
@safe struct Sheet {
  fileprivate let handle: UnsafeMutablePointer<lxw_worksheet>

  /// Writes the text that begins at `start`, within the limits of a cell. Never taken for a formula or a link.
  ///
  /// - Parameter texts: each ended by NUL.
  @inline(__always)
  func write(
    _ texts: [UInt8], from start: Int, _ row: Int, _ column: Int, _ format: Format
  ) throws(WorkbookError) {
    precondition(start < texts.count && texts.last == 0, "text for C ends with NUL")
    let code = unsafe texts.withUnsafeBufferPointer { bytes in
      // SAFETY: the text begins within the bytes, which end with NUL; the library copies it.
      unsafe bytes.withMemoryRebound(to: CChar.self) {
        unsafe worksheet_write_string(handle, UInt32(row), UInt16(column), $0.baseAddress! + start, format.handle)
      }
    }
    if code != LXW_NO_ERROR { throw WorkbookError(code) }
  }

  @inline(__always)
  func write(_ number: Double, _ row: Int, _ column: Int, _ format: Format) throws(WorkbookError) {
    let code = unsafe worksheet_write_number(handle, UInt32(row), UInt16(column), number, format.handle)
    if code != LXW_NO_ERROR { throw WorkbookError(code) }
  }

  /// - Parameter format: of the cells that nothing is written into.
  func setWidth(_ width: Int, column: Int, _ format: Format?) throws(WorkbookError) {
    let code = unsafe worksheet_set_column(handle, UInt16(column), UInt16(column), Double(width), format?.handle)
    if code != LXW_NO_ERROR { throw WorkbookError(code) }
  }

  func setHeight(lines: Int, row: Int) throws(WorkbookError) {
    let code = unsafe worksheet_set_row(handle, UInt32(row), Double(lines) * LXW_DEF_ROW_HEIGHT, nil)
    if code != LXW_NO_ERROR { throw WorkbookError(code) }
  }

  func freezeHeading() { unsafe worksheet_freeze_panes(handle, 1, 0) }

  /// On A4 across, all columns on one page, the heading on each.
  func setPaper() throws(WorkbookError) {
    unsafe worksheet_set_paper(handle, 9)
    unsafe worksheet_set_landscape(handle)
    unsafe worksheet_fit_to_pages(handle, 1, 0)
    let code = unsafe worksheet_repeat_rows(handle, 0, 0)
    if code != LXW_NO_ERROR { throw WorkbookError(code) }
  }

  /// Arrows in the heading that sort and filter the rows up to `lastRow`.
  func addFilter(lastRow: Int, lastColumn: Int) throws(WorkbookError) {
    let code = unsafe worksheet_autofilter(handle, 0, 0, UInt32(lastRow), UInt16(lastColumn))
    if code != LXW_NO_ERROR { throw WorkbookError(code) }
  }

  /// Keeps Excel from marking codes as "numbers stored as text".
  func allowNumbersAsText(in columns: [Int], lastRow: Int) throws(WorkbookError) {
    guard !columns.isEmpty, lastRow > 0 else { return }
    let ranges = columns.map { "\(columnName($0))2:\(columnName($0))\(lastRow + 1)" }.joined(separator: " ")
    let code = unsafe worksheet_ignore_errors(handle, UInt8(LXW_IGNORE_NUMBER_STORED_AS_TEXT.rawValue), ranges)
    if code != LXW_NO_ERROR { throw WorkbookError(code) }
  }

  private func columnName(_ column: Int) -> String {
    var name = ""
    var rest = column + 1
    while rest > 0 {
      name = String(UnicodeScalar(UInt8(ascii: "A") + UInt8((rest - 1) % 26))) + name
      rest = (rest - 1) / 26
    }
    return name
  }
}
