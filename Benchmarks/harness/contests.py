"""What is measured: each work, who does it beside the program, and what is asked of the ratio."""
import json
import os
import statistics
import time
from dataclasses import dataclass, field

import answers
from tools import Missing, WrongAnswer, say

MEGABYTE = 1_000_000
FEW = 2  # pairs with peers of which nothing is asked


@dataclass
class Row:
    """One line of the table: a ratio or a figure, its spread, and what was asked of it."""
    contest: str
    work: str
    measure: str
    values: list
    unit: str = "×"
    target: float = None
    aim: float = None
    more_is_better: bool = True
    runs: int = 0
    taken: str = ""

    @property
    def median(self): return statistics.median(self.values)

    def reaches(self, bound):
        if bound is None: return ""
        return "met" if (self.median >= bound if self.more_is_better else self.median <= bound) else "not met"


@dataclass
class Bench:
    tools: object
    program: object
    peers: object
    full: bool
    pairs: int
    rows: list = field(default_factory=list)
    curves: dict = field(default_factory=dict)
    checked: set = field(default_factory=set)

    def add(self, *arguments, **named):
        row = Row(*arguments, **named)
        self.rows.append(row)
        say(f"  {row.work}: {row.measure}: {show(row.median)} {row.unit} ({show(min(row.values))}..{show(max(row.values))})"
            f" {row.reaches(row.target)}")

    def data(self, what, **numbers):
        return self.tools.dataset(what, **numbers)

    def ours(self, kind, dataset, jobs=None, **changes):
        """One run of the program on a fresh campaign, its answer checked."""
        folder = self.program.campaign(kind, dataset, **changes)
        run = self.program.run(folder, os.path.join(dataset, "inbox"), jobs)
        self.check(os.path.join(folder, "out"), kind, dataset)
        return run

    def check(self, out, kind, dataset):
        if kind == "sheet": return
        wrong = answers.check(out, kind, self.program.expected(kind, dataset))
        if wrong: raise WrongAnswer(f"the program, {dataset}: " + "; ".join(wrong[:5]))

    def check_every_cell(self, kind, dataset):
        """Once for each data set, untimed: the program's findings, counted by unit, kind and category."""
        if dataset in self.checked: return
        self.checked.add(dataset)
        # Above a gigabyte the table of findings alone would take minutes to count; the sums by unit and by category do.
        size = sum(os.path.getsize(os.path.join(place, name))
                   for place, _, names in os.walk(os.path.join(dataset, "inbox")) for name in names)
        if size > 1000 * MEGABYTE: return
        folder = self.program.campaign(
            kind, dataset, "every-cell", output="{formats: [csv, json], tables: [rejected, findings]}")
        self.program.run(folder, os.path.join(dataset, "inbox"))
        wrong = answers.check(os.path.join(folder, "out"), kind, self.program.expected(kind, dataset), every_cell=True)
        if wrong: raise WrongAnswer(f"the program, every cell of {dataset}: " + "; ".join(wrong[:5]))

    def pair(self, kind, dataset, peer, pairs=None, **ours):
        """Alternating runs, program and peer, after one of each that is not counted: [(program, peer)]."""
        self.check_every_cell(kind, dataset)
        runs = []
        for turn in range((pairs or self.pairs) + 1):
            run = self.ours(kind, dataset, **ours), self.peers.run(peer, kind, dataset)
            if turn: runs.append(run)
        return runs

    def faster(self, contest, work, kind, dataset, peer, label, target=None, aim=None, pairs=None):
        """The row "program faster than the peer"; the pairs, or [] when the peer is missing."""
        try: runs = self.pair(kind, dataset, peer, pairs)
        except Missing as missing:
            self.peers.missing[label] = str(missing)
            return []
        self.add(contest, work, f"wall, faster than {label}", [other.wall / own.wall for own, other in runs], target=target, aim=aim)
        return runs

    def over(self, contest, work, kind, dataset, floor, label, target=None, aim=None, pairs=None):
        try: runs = self.pair(kind, dataset, floor, pairs)
        except Missing as missing:
            self.peers.missing[label] = str(missing)
            return []
        self.add(contest, work, f"wall, times that of {label}", [own.wall / other.wall for own, other in runs], target=target,
                 aim=aim, more_is_better=False)
        return runs


def show(number):
    if number == 0: return "0"
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"


def rows_of(dataset):
    return answers.read_expected(os.path.join(dataset, "expected.tsv"))["rows"]


def ledger(bench, contest, work, dataset, peers, floor=True, pairs=None):
    """W1 against the tuned peers and the floor, with CPU time and memory."""
    labels = {"duckdb": "DuckDB", "polars": "Polars"}
    memory = []
    for peer in peers:
        runs = bench.faster(contest, work, "w1", dataset, peer, labels[peer], 4, 6, pairs)
        memory += [own.peak for own, _ in runs]
        if peer == "duckdb" and runs:
            bench.add(contest, work, "CPU time, part of DuckDB's", [own.cpu / other.cpu for own, other in runs], target=1 / 4,
                      aim=1 / 7, more_is_better=False)
        if runs:
            bench.add(contest, work, f"peak memory, part of {labels[peer]}'s", [own.peak / other.peak for own, other in runs],
                      more_is_better=False)
    if floor:
        runs = bench.over(contest, work, "w1", dataset, "newlines", "memchr over the file", 16, 10, pairs)
        memory += [own.peak for own, _ in runs]
    if memory:
        records = rows_of(dataset)
        bound = lambda each: 64 + each * records / (1 << 20)
        bench.add(contest, work, "peak memory", [peak / 1024 for peak in memory], unit="MiB", target=bound(32), aim=bound(20),
                  more_is_better=False)


def w1(bench):
    dataset = bench.data("ledger", bytes=200 * MEGABYTE)
    ledger(bench, "w1", "W1, 200 MB, one file", dataset, ["duckdb", "polars"] if bench.full else ["duckdb"])
    if bench.full:
        for peer, label in (("csv", "Python csv"), ("pandas", "pandas")):
            bench.faster("w1", "W1, 200 MB, one file", "w1", dataset, peer, label, pairs=FEW)


def w1_small(bench):
    dataset = bench.data("ledger", bytes=10 * MEGABYTE)
    for peer, label in (("csv", "Python csv"), ("duckdb", "DuckDB")):
        bench.faster("w1-small", "W1, 10 MB", "w1", dataset, peer, label, 8, 12)
    if bench.full:
        for peer, label in (("polars", "Polars"), ("pandas", "pandas"), ("frictionless", "frictionless")):
            bench.faster("w1-small", "W1, 10 MB", "w1", dataset, peer, label, pairs=FEW)


def w1_files(bench):
    dataset = bench.data("ledger", bytes=200 * MEGABYTE, files=100)
    ledger(bench, "w1-files", "W1, 200 MB in 100 files", dataset, ["duckdb", "polars"])


def w1_large(bench):
    dataset = bench.data("ledger", bytes=2000 * MEGABYTE)
    ledger(bench, "w1-large", "W1, 2 GB, one file", dataset, ["duckdb", "polars"])


def workers(bench):
    size = 200 if bench.full else 50
    dataset = bench.data("ledger", bytes=size * MEGABYTE)
    pairs = [(bench.ours("w1", dataset, jobs=2), bench.ours("w1", dataset, jobs=1)) for _ in range(bench.pairs + 1)][1:]
    bench.add("workers", f"W1, {size} MB, two workers", "wall, part of one worker's", [two.wall / one.wall for two, one in pairs],
              target=0.65, aim=0.55, more_is_better=False)


def w2(bench):
    size = 200 if bench.full else 20
    dataset, work = bench.data("export", bytes=size * MEGABYTE), f"W2, one export of {size} MB"
    bench.over("w2", work, "w2", dataset, "xmltally", "C, libxml2 SAX2, tally only", 1.3, 1.1)
    for peer, label in (("etree", "ElementTree"), ("lxml", "lxml")):
        bench.faster("w2", work, "w2", dataset, peer, label, 4, 6)
    if bench.full: bench.faster("w2", work, "w2", dataset, "expat", "Python expat", pairs=FEW)


def forms(bench):
    files = 20_000 if bench.full else 2_000
    dataset, work = bench.data("submissions", files=files), f"W2, {files:,} XForms files"
    runs = bench.faster("forms", work, "forms", dataset, "etree", "ElementTree", 5, 8)
    if runs:
        bench.add("forms", work, "files a second", [files / own.wall for own, _ in runs], unit="files/s", target=25_000,
                  aim=40_000)
    if bench.full: bench.faster("forms", work, "forms", dataset, "lxml", "lxml", pairs=FEW)


def second_run(bench):
    """The same campaign run twice; then one new file of 2 MB beside what was read."""
    size = 200 if bench.full else 50
    dataset = bench.data("ledger", bytes=size * MEGABYTE)
    extra = bench.data("ledger", bytes=size * MEGABYTE // 100, seed=7)
    again, grown = [], []
    for _ in range(bench.pairs + 1):
        folder = bench.program.campaign("w1", dataset)
        inbox = os.path.join(folder, "inbox")
        os.mkdir(inbox)
        os.link(os.path.join(dataset, "inbox", "ledger-000000.csv"), os.path.join(inbox, "a.csv"))
        # A file of which the system says that it was changed this very moment is not known by its time: teams' files are older.
        time.sleep(0.2)
        first = bench.program.run(folder, inbox)
        bench.check(os.path.join(folder, "out"), "w1", dataset)
        second = bench.program.run(folder, inbox)
        bench.check(os.path.join(folder, "out"), "w1", dataset)
        os.link(os.path.join(extra, "inbox", "ledger-000000.csv"), os.path.join(inbox, "b.csv"))
        time.sleep(0.2)
        third = bench.program.run(folder, inbox)
        read = answers.counts(os.path.join(folder, "out"), "w1")["rows"]
        if read != rows_of(dataset) + rows_of(extra): raise WrongAnswer(f"a new file beside a known one: {read} rows")
        again.append(first.wall / second.wall)
        grown.append(third.wall / first.wall)
    bench.add("second-run", f"W1, {size} MB, run again, nothing new", "wall, faster than the first run", again[1:], target=20, aim=50)
    bench.add("second-run", f"W1, {size / 100:g} MB beside {size} MB that are known", "wall, part of the full run", grown[1:], target=0.1,
              more_is_better=False)


def wide(bench):
    records = 132_000 if bench.full else 5_000
    dataset, work = bench.data("wide", records=records), f"{records:,} records × 510 columns"
    bench.check_every_cell("wide", dataset)
    runs = [bench.ours("wide", dataset) for _ in range(bench.pairs + 1)][1:]
    # 132,000 records in 20 s, at best in 8 s: as records a second it can be asked of fewer records too.
    bench.add("wide", work, "records a second", [records / run.wall for run in runs], unit="records/s", target=6_600, aim=16_500)
    bench.add("wide", work, "peak memory", [run.peak / 1024 for run in runs], unit="MiB", more_is_better=False)


def sheet(bench):
    """The stage `report` of the program against a C program that makes the same calls."""
    records = 200_000 if bench.full else 50_000
    dataset, work = bench.data("sheet", records=records), f"statistics.xlsx, {records:,} rows × 8 cells"
    rows = os.path.join(dataset, "inbox", "rows.csv")
    out = os.path.join(bench.tools.work, "floor.xlsx")
    try: floor = bench.tools.floor("sheet", "xlsxwriter")
    except Missing as missing:
        bench.peers.missing["C, libxlsxwriter"] = str(missing)
        return
    ratios, own = [], []
    for _ in range(bench.pairs + 1):
        folder = bench.program.campaign("sheet", dataset)
        bench.program.run(folder, os.path.join(dataset, "inbox"))
        wrong = answers.check(os.path.join(folder, "out"), "sheet", os.path.join(dataset, "expected.tsv"))
        if wrong: raise WrongAnswer("; ".join(wrong))
        with open(os.path.join(folder, "out", "durations.json")) as file: report = json.load(file)["report"]
        ratios.append(report / bench.tools.measure([floor, out, rows]).wall)
        own.append(report)
    bench.add("sheet", work, "stage `report`, times that of the same calls from C", ratios[1:], target=1.1, more_is_better=False)
    try:
        python = bench.peers.python("xlsxwriter")
        script = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "peers", "sheet_xlsxwriter.py")
        peer = [bench.tools.measure([python, script, out, rows]).wall for _ in range(2)][1:]
        bench.add("sheet", work, "stage `report`, faster than XlsxWriter (one run)", [peer[0] / statistics.median(own[1:])])
    except Missing as missing: bench.peers.missing["XlsxWriter"] = str(missing)


def start(bench):
    runs = [bench.tools.measure([bench.program.path, "--help"]) for _ in range(33)][3:]
    bench.add("start", "fieldtally --help", "wall", [run.wall * 1000 for run in runs], unit="ms", target=15, aim=6,
              more_is_better=False)


def curve(bench, name, title, unit, points, expected_slope):
    """Cost along one line: each point paired with the first one. `points`: [(x, kind, dataset, changes)]."""
    line = [(points[0][0], 1.0, 0)]
    for x, kind, dataset, changes in points[1:]:
        ratios = []
        for turn in range(4):
            base = points[0]
            first = bench.ours(base[1], base[2], **base[3])
            run = bench.ours(kind, dataset, **changes)
            if turn: ratios.append((run.wall / first.wall, run.wall))
        ratio, wall = statistics.median(r for r, _ in ratios), statistics.median(w for _, w in ratios)
        line.append((x, ratio, wall))
        say(f"  {title}: {x:,} {unit}: {show(ratio)} × the first")
    bench.curves[name] = {"title": title, "unit": unit, "points": line, "linear": expected_slope}


def curves(bench):
    base = 20 * MEGABYTE
    curve(bench, "size", "W1 by size", "MB",
          [(mb, "w1", bench.data("ledger", bytes=mb * MEGABYTE), {}) for mb in ([2, 20, 200, 2000] if bench.full else [2, 20, 200])],
          True)
    curve(bench, "units", "W1, 20 MB, by units of the roster", "units",
          [(units, "w1", bench.data("ledger", bytes=base, units=units), {}) for units in (10, 100, 1_000, 10_000, 100_000)], False)
    curve(bench, "files", "W1, 20 MB, by files", "files",
          [(files, "w1", bench.data("ledger", bytes=base, files=files), {}) for files in (1, 10, 100, 1_000, 10_000)], False)
    data = bench.data("ledger", bytes=base)
    needed = ["rejected", "units", "categories"]
    extra = ["summary", "files", "regions", "teams", "methods", "coverage", "notes", "set-aside", "findings"]
    curve(bench, "tables", "W1, 20 MB, by tables (the last: every finding)", "tables",
          [(3 + count, "w1", data, {"output": "{formats: [csv, json], tables: [" + ", ".join(needed + extra[:count]) + "]}"})
           for count in (0, 2, 4, 7, 8, 9)], False)
    if bench.program.has_rules:
        contract = open(os.path.join(bench.program.campaign("w1", data, "probe"), "rules.yaml"), encoding="utf-8").read()
        more = lambda count: contract + "".join(
            f"  - {{id: score-{index}, source: ledger, require: score is blank or score <= {100 + index}, severity: error, field: score}}\n"
            for index in range(count))
        curve(bench, "rules", "W1, 20 MB, by rules", "rules",
              [(3 + count, "w1", data, {"rules": more(count)}) for count in (0, 2, 7, 22, 47)], False)


QUICK = {"start": start, "w1": w1, "w1-small": w1_small, "workers": workers, "w2": w2, "forms": forms, "wide": wide,
         "sheet": sheet, "second-run": second_run}
FULL = {"start": start, "w1": w1, "w1-small": w1_small, "w1-files": w1_files, "w1-large": w1_large, "workers": workers, "w2": w2,
        "forms": forms, "second-run": second_run, "wide": wide, "sheet": sheet, "curves": curves}
