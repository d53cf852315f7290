// Hidden, so that the library does not call these in place of its own. Set before the headers, which declare the same names.
#pragma GCC visibility push(hidden)
#include "../CXLSXWriter/shim.h"
#include "late.h"

static struct late_library libxlsxwriter = {"libxlsxwriter.so." LXW_SOVERSION};

LATE(libxlsxwriter, lxw_chart_series *, chart_add_series, (lxw_chart *a, const char *b, const char *c), (a, b, c))
LATE(libxlsxwriter, void, chart_axis_set_crossing_max, (lxw_chart_axis *a), (a))
LATE(libxlsxwriter, void, chart_axis_set_interval_unit, (lxw_chart_axis *a, uint16_t b), (a, b))
LATE(libxlsxwriter, void, chart_axis_set_num_format, (lxw_chart_axis *a, const char *b), (a, b))
LATE(libxlsxwriter, void, chart_axis_set_reverse, (lxw_chart_axis *a), (a))
LATE(libxlsxwriter, void, chart_legend_set_position, (lxw_chart *a, uint8_t b), (a, b))
LATE(libxlsxwriter, void, chart_series_set_categories,
     (lxw_chart_series *a, const char *b, lxw_row_t c, lxw_col_t d, lxw_row_t e, lxw_col_t f), (a, b, c, d, e, f))
LATE(libxlsxwriter, void, chart_series_set_name_range, (lxw_chart_series *a, const char *b, lxw_row_t c, lxw_col_t d),
     (a, b, c, d))
LATE(libxlsxwriter, void, chart_series_set_values,
     (lxw_chart_series *a, const char *b, lxw_row_t c, lxw_col_t d, lxw_row_t e, lxw_col_t f), (a, b, c, d, e, f))
LATE(libxlsxwriter, void, chart_title_set_name, (lxw_chart *a, const char *b), (a, b))
LATE(libxlsxwriter, void, format_set_align, (lxw_format *a, uint8_t b), (a, b))
LATE(libxlsxwriter, void, format_set_bg_color, (lxw_format *a, lxw_color_t b), (a, b))
LATE(libxlsxwriter, void, format_set_bold, (lxw_format *a), (a))
LATE(libxlsxwriter, void, format_set_bottom, (lxw_format *a, uint8_t b), (a, b))
LATE(libxlsxwriter, void, format_set_font_color, (lxw_format *a, lxw_color_t b), (a, b))
LATE(libxlsxwriter, void, format_set_italic, (lxw_format *a), (a))
LATE(libxlsxwriter, void, format_set_num_format, (lxw_format *a, const char *b), (a, b))
LATE(libxlsxwriter, void, format_set_text_wrap, (lxw_format *a), (a))
LATE(libxlsxwriter, char *, lxw_strerror, (lxw_error a), (a))
LATE(libxlsxwriter, void, lxw_workbook_free, (lxw_workbook *a), (a))
LATE(libxlsxwriter, lxw_chart *, workbook_add_chart, (lxw_workbook *a, uint8_t b), (a, b))
LATE(libxlsxwriter, lxw_format *, workbook_add_format, (lxw_workbook *a), (a))
LATE(libxlsxwriter, lxw_worksheet *, workbook_add_worksheet, (lxw_workbook *a, const char *b), (a, b))
LATE(libxlsxwriter, lxw_error, workbook_close, (lxw_workbook *a), (a))
LATE(libxlsxwriter, lxw_workbook *, workbook_new_opt, (const char *a, lxw_workbook_options *b), (a, b))
LATE(libxlsxwriter, lxw_error, workbook_set_properties, (lxw_workbook *a, lxw_doc_properties *b), (a, b))
LATE(libxlsxwriter, lxw_error, worksheet_autofilter, (lxw_worksheet *a, lxw_row_t b, lxw_col_t c, lxw_row_t d, lxw_col_t e),
     (a, b, c, d, e))
LATE(libxlsxwriter, void, worksheet_fit_to_pages, (lxw_worksheet *a, uint16_t b, uint16_t c), (a, b, c))
LATE(libxlsxwriter, void, worksheet_freeze_panes, (lxw_worksheet *a, lxw_row_t b, lxw_col_t c), (a, b, c))
LATE(libxlsxwriter, lxw_error, worksheet_ignore_errors, (lxw_worksheet *a, uint8_t b, const char *c), (a, b, c))
LATE(libxlsxwriter, lxw_error, worksheet_insert_chart_opt,
     (lxw_worksheet *a, lxw_row_t b, lxw_col_t c, lxw_chart *d, lxw_chart_options *e), (a, b, c, d, e))
LATE(libxlsxwriter, lxw_error, worksheet_repeat_rows, (lxw_worksheet *a, lxw_row_t b, lxw_row_t c), (a, b, c))
LATE(libxlsxwriter, lxw_error, worksheet_set_column, (lxw_worksheet *a, lxw_col_t b, lxw_col_t c, double d, lxw_format *e),
     (a, b, c, d, e))
LATE(libxlsxwriter, void, worksheet_set_landscape, (lxw_worksheet *a), (a))
LATE(libxlsxwriter, void, worksheet_set_paper, (lxw_worksheet *a, uint8_t b), (a, b))
LATE(libxlsxwriter, lxw_error, worksheet_set_row, (lxw_worksheet *a, lxw_row_t b, double c, lxw_format *d), (a, b, c, d))
LATE(libxlsxwriter, lxw_error, worksheet_write_number,
     (lxw_worksheet *a, lxw_row_t b, lxw_col_t c, double d, lxw_format *e), (a, b, c, d, e))
LATE(libxlsxwriter, lxw_error, worksheet_write_string,
     (lxw_worksheet *a, lxw_row_t b, lxw_col_t c, const char *d, lxw_format *e), (a, b, c, d, e))
