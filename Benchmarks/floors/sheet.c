// sheet OUT.xlsx ROWS.csv: the sheet that the program makes of ROWS.csv (lines of four cells without quotes), by the same
// calls of libxlsxwriter: file, line, record and row, and the four cells; whole in memory, shared strings.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

int main(int count, char **arguments) {
  if (count < 3) return 64;
  FILE *rows = fopen(arguments[2], "r");
  if (!rows) return 66;
  lxw_workbook_options options = {.constant_memory = LXW_FALSE};
  lxw_workbook *book = workbook_new_opt(arguments[1], &options);
  lxw_worksheet *sheet = workbook_add_worksheet(book, "rows");
  lxw_format *text = workbook_add_format(book), *code = workbook_add_format(book), *integer = workbook_add_format(book);
  lxw_format *formats[] = {text, code, integer};
  for (int index = 0; index < 3; index++) format_set_align(formats[index], LXW_ALIGN_VERTICAL_TOP);
  format_set_num_format(code, "@");
  format_set_num_format(integer, "0");
  const char *headings[] = {"File", "Line", "Record", "Row", "unit", "name", "category", "score"};
  for (int column = 0; column < 8; column++) {
    worksheet_write_string(sheet, 0, column, headings[column], text);
    worksheet_set_column(sheet, column, column, 20, NULL);
  }
  worksheet_freeze_panes(sheet, 1, 0);
  const char *file = strrchr(arguments[2], '/');
  file = file ? file + 1 : arguments[2];
  static char line[4096];
  if (!fgets(line, sizeof line, rows)) return 65;
  lxw_row_t row = 0;
  while (fgets(line, sizeof line, rows)) {
    row++;
    char *cells[4] = {strtok(line, ",\n"), strtok(NULL, ",\n"), strtok(NULL, ",\n"), strtok(NULL, ",\n")};
    worksheet_write_string(sheet, row, 0, file, text);
    worksheet_write_number(sheet, row, 1, row + 1, integer);
    worksheet_write_number(sheet, row, 2, row, integer);
    worksheet_write_number(sheet, row, 3, 1, integer);
    for (int cell = 0; cell < 3; cell++) worksheet_write_string(sheet, row, 4 + cell, cells[cell], code);
    worksheet_write_number(sheet, row, 7, atof(cells[3]), integer);
  }
  worksheet_set_paper(sheet, 9);
  worksheet_set_landscape(sheet);
  worksheet_fit_to_pages(sheet, 1, 0);
  worksheet_repeat_rows(sheet, 0, 0);
  worksheet_autofilter(sheet, 0, 0, row, 7);
  return workbook_close(book) == LXW_NO_ERROR ? 0 : 74;
}
