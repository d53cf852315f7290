"""Writers that know on which physical line each record begins."""
import pathlib


class Ledger:
    """A delimited file as a spreadsheet saves it."""

    def __init__(self, books, root, name, source, encoding="utf-8", bom=False, delimiter=",", line_end="\r\n", note=""):
        self.books, self.path, self.name = books, pathlib.Path(root) / name, name
        self.encoding, self.delimiter, self.line_end = encoding, delimiter, line_end
        self.line, self.pieces = 1, []
        books.open_file(name, source, encoding=encoding + (" with BOM" if bom else ""), delimiter=delimiter,
                        line_end={"\r\n": "CRLF", "\n": "LF", "\r": "CR"}[line_end], **({"shows": note} if note else {}))
        if bom:
            self.pieces.append({"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe"}[encoding])

    def cell(self, text):
        if any(mark in text for mark in (self.delimiter, '"', "\n", "\r")):
            return '"' + text.replace('"', '""') + '"'
        return text

    def text(self, cells):
        return self.delimiter.join(self.cell(cell) for cell in cells)

    def raw(self, data, breaks=0):
        """A row as bytes or text without its line end; `breaks` counts the line breaks inside it."""
        line = self.line
        self.pieces.append(data if isinstance(data, bytes) else data.encode(self.encoding))
        self.pieces.append(self.line_end.encode(self.encoding))
        self.line += 1 + breaks
        return line

    def row(self, cells):
        return self.raw(self.text(cells), sum(cell.count("\n") for cell in cells))

    def other(self, cells, kind):
        self.books.pass_over(self.name, self.row(cells), kind)

    def record(self, record, cells):
        self.books.enter(self.name, record, self.row(cells))

    def save(self, final_line_end=True):
        pieces = self.pieces if final_line_end else self.pieces[:-1]
        save(self.path, b"".join(pieces))


class Markup:
    """An XML file written line by line."""

    def __init__(self, books, root, name, source, line_end="\n", note=""):
        self.books, self.path, self.name, self.line_end = books, pathlib.Path(root) / name, name, line_end
        self.lines = []
        books.open_file(name, source, encoding="utf-8", **({"shows": note} if note else {}))

    def add(self, text):
        """Adds `text`, which may hold line breaks; the line on which it begins."""
        line = len(self.lines) + 1
        self.lines += text.split("\n")
        return line

    def record(self, record, text):
        self.books.enter(self.name, record, self.add(text))

    def save(self):
        save(self.path, self.line_end.join([*self.lines, ""]).encode())


def save(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def table(path, rows):
    """A reference table: UTF-8, LF, no cell needs quotes."""
    for row in rows:
        assert not any(mark in cell for cell in row for mark in ',"\n'), row
    save(path, "".join(",".join(row) + "\n" for row in rows).encode())


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
