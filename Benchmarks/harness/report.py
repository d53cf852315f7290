"""The table of ratios as text, CSV and Markdown, and the charts as SVG."""
import csv
import datetime
import math
import os

from contests import Row, show


def spread(row): return f"{show(min(row.values))}..{show(max(row.values))}"


def bound(row, value):
    return "" if value is None else ("≥ " if row.more_is_better else "≤ ") + show(value)


def print_table(bench):
    lines = [("work", "measure", "median", "spread", "n", "must", "", "aim", "")]
    for row in bench.rows:
        lines.append((row.work, row.measure, f"{show(row.median)} {row.unit}", spread(row), str(len(row.values)), bound(row, row.target),
                      row.reaches(row.target), bound(row, row.aim), row.reaches(row.aim)))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines: print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    for label, reason in bench.peers.missing.items(): print(f"missing: {label}: {reason}")


def write(bench, folder, machine, order):
    """Writes the figures of this run beside those of other works that stand in the folder already."""
    os.makedirs(folder, exist_ok=True)
    taken = f"{machine.pop('processors')}, {datetime.date.today()}"
    for row in bench.rows: row.taken = taken
    measured = {row.contest for row in bench.rows}
    path = os.path.join(folder, "results.csv")
    rows = bench.rows + [row for row in read_rows(path) if row.contest not in measured]
    rows.sort(key=lambda row: order.index(row.contest))
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(HEADING)
        for row in rows:
            out.writerow([row.contest, row.work, row.measure, row.unit, f"{row.median:.4g}", f"{min(row.values):.4g}",
                          f"{max(row.values):.4g}", row.runs or len(row.values), "" if row.target is None else f"{row.target:.4g}",
                          row.reaches(row.target), "" if row.aim is None else f"{row.aim:.4g}", row.reaches(row.aim),
                          "more" if row.more_is_better else "less", row.taken])
    put_into(folder.rstrip("/") + ".md", markdown(rows, bench, machine))
    with open(os.path.join(folder, "targets.svg"), "w", encoding="utf-8") as file: file.write(target_chart(rows))
    if bench.curves:
        with open(os.path.join(folder, "curves.csv"), "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["curve", "unit", "x", "times_the_first"])
            for name, curve in bench.curves.items():
                for x, ratio, _ in curve["points"]: out.writerow([name, curve["unit"], x, f"{ratio:.4g}"])
        with open(os.path.join(folder, "curves.svg"), "w", encoding="utf-8") as file: file.write(curve_chart(bench.curves))


BEGINNING, END = "<!-- table: written by Scripts/bench -->", "<!-- end of table -->"


def put_into(page, table):
    """Replaces the table between the two marks of the page, if there is such a page."""
    if not os.path.exists(page): return
    with open(page, encoding="utf-8") as file: text = file.read()
    before, mark, rest = text.partition(BEGINNING)
    if not mark or END not in rest: return
    with open(page, "w", encoding="utf-8") as file: file.write(f"{before}{BEGINNING}\n{table}{END}{rest.partition(END)[2]}")


HEADING = ["contest", "work", "measure", "unit", "median", "min", "max", "runs", "must", "must_met", "aim", "aim_met", "better", "taken"]


def read_rows(path):
    if not os.path.exists(path): return []
    number = lambda text: float(text) if text else None
    with open(path, encoding="utf-8", newline="") as file:
        return [Row(line["contest"], line["work"], line["measure"], [float(line[name]) for name in ("min", "median", "max")],
                    line["unit"], number(line["must"]), number(line["aim"]), line["better"] == "more", int(line["runs"]), line["taken"])
                for line in csv.DictReader(file)]


def markdown(rows, bench, machine):
    lines = ["| work | measure | median (min..max) | runs | must | aim |", "| --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        wanted = [value and f"{bound(row, value)}: {row.reaches(value)}" or "" for value in (row.target, row.aim)]
        lines.append(f"| {row.work} | {row.measure} | {show(row.median)} {row.unit} ({spread(row)}) | {row.runs or len(row.values)} | "
                     f"{wanted[0]} | {wanted[1]} |")
    lines.append("")
    lines += [f"Not here: {label} ({reason})." for label, reason in bench.peers.missing.items()]
    lines.append("Taken on: " + "; ".join(sorted({row.taken for row in rows})) + ". "
                 + "; ".join(f"{name} {value}" for name, value in machine.items()) + ".")
    return "\n".join(lines) + "\n"


def escape(text): return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


STYLE = ("<style>text{font:12px sans-serif;fill:#222}.small{font-size:11px;fill:#555}.title{font-size:14px;font-weight:bold}"
         ".met{fill:#2b7a5a}.not{fill:#b5482f}.free{fill:#8a8f98}.grid{stroke:#ddd}.must{stroke:#222;stroke-width:1.5}"
         ".line{fill:none;stroke:#2b5f9e;stroke-width:2}.ideal{stroke:#999;stroke-dasharray:4 3}</style>")


def target_chart(rows):
    """For each row with a target how far it is from it: 1 is the target, to the right is better."""
    asked = [row for row in rows if row.target is not None]
    left, width, height = 530, 420, 22
    total = 60 + height * len(asked) + 30
    low, high = math.log10(0.05), math.log10(20)
    place = lambda value: left + width * (min(max(math.log10(value), low), high) - low) / (high - low)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 130} {total}" width="{left + width + 130}" height="{total}">',
           STYLE, f'<rect width="100%" height="100%" fill="white"/>',
           '<text class="title" x="10" y="22">How far from what must be reached (1 = reached; right of it is better; logarithmic)</text>']
    for tick in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20):
        x = place(tick)
        kind = "must" if tick == 1 else "grid"
        out.append(f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="38" y2="{total - 28}"/>'
                   f'<text class="small" x="{x:.1f}" y="{total - 12}" text-anchor="middle">{tick:g}</text>')
    for index, row in enumerate(asked):
        y = 44 + index * height
        share = lambda value: value / row.target if row.more_is_better else row.target / value
        ends = sorted(place(share(value)) for value in (min(row.values), max(row.values)))
        start, end = sorted((place(1), place(share(row.median))))
        kind = "met" if row.reaches(row.target) == "met" else "not"
        label = escape(f"{row.work}: {row.measure}")
        out.append(f'<text class="small" x="{left - 8}" y="{y + 12}" text-anchor="end">{label[:96]}</text>'
                   f'<rect class="{kind}" x="{start:.1f}" y="{y + 2}" width="{max(end - start, 1):.1f}" height="12"/>'
                   f'<line class="must" x1="{ends[0]:.1f}" x2="{ends[1]:.1f}" y1="{y + 8}" y2="{y + 8}"/>'
                   f'<text class="small" x="{left + width + 8}" y="{y + 12}">{escape(show(row.median))} {escape(row.unit)}</text>')
        if row.aim is not None:
            x = place(share(row.aim))
            out.append(f'<path d="M{x:.1f} {y + 1} l4 7 l-4 7 l-4 -7 z" fill="#e0a100"/>')
    out.append(f'<text class="small" x="10" y="{total - 12}">diamond: the aim; thin line: min..max</text></svg>')
    return "\n".join(out) + "\n"


def curve_chart(curves):
    """Each curve in a panel of its own: times the first point against x, both logarithmic."""
    width, height, gap = 400, 250, 30
    columns = 2
    count = (len(curves) + 1) // 2
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns * (width + gap) + gap} {count * (height + 60) + 20}" '
           f'width="{columns * (width + gap) + gap}" height="{count * (height + 60) + 20}">', STYLE,
           '<rect width="100%" height="100%" fill="white"/>']
    for index, curve in enumerate(curves.values()):
        ox, oy = gap + (index % 2) * (width + gap), 40 + index // 2 * (height + 60)
        points = [(max(x, 1), ratio) for x, ratio, _ in curve["points"]]
        x0, x1 = math.log10(points[0][0]), math.log10(points[-1][0])
        top = max(math.log10(max(ratio for _, ratio in points)), x1 - x0 if curve["linear"] else 1)
        bottom = min(0, math.log10(min(ratio for _, ratio in points)))
        px = lambda x: ox + 40 + (width - 60) * (math.log10(x) - x0) / (x1 - x0)
        py = lambda ratio: oy + height - 30 - (height - 50) * (math.log10(ratio) - bottom) / (top - bottom)
        out.append(f'<text class="title" x="{ox}" y="{oy - 8}" style="font-size:12px">{escape(curve["title"][:62])}</text>')
        tick = 10 ** math.ceil(bottom)
        while math.log10(tick) <= top + 1e-9:
            out.append(f'<line class="grid" x1="{ox + 40}" x2="{ox + width - 20}" y1="{py(tick):.1f}" y2="{py(tick):.1f}"/>'
                       f'<text class="small" x="{ox + 34}" y="{py(tick) + 4:.1f}" text-anchor="end">{tick:g} ×</text>')
            tick *= 10
        if curve["linear"]:
            out.append(f'<line class="ideal" x1="{px(points[0][0]):.1f}" y1="{py(1):.1f}" x2="{px(points[-1][0]):.1f}" '
                       f'y2="{py(points[-1][0] / points[0][0]):.1f}"/>')
        path = " ".join(f"{px(x):.1f},{py(ratio):.1f}" for x, ratio in points)
        out.append(f'<polyline class="line" points="{path}"/>')
        for x, ratio in points:
            out.append(f'<circle cx="{px(x):.1f}" cy="{py(ratio):.1f}" r="3.5" fill="#2b5f9e"/>'
                       f'<text class="small" x="{px(x):.1f}" y="{py(ratio) - 8:.1f}" text-anchor="middle">{show(ratio)}</text>'
                       f'<text class="small" x="{px(x):.1f}" y="{oy + height - 10}" text-anchor="middle">{x:,}</text>')
        out.append(f'<text class="small" x="{ox + width - 20}" y="{oy + height + 6}" text-anchor="end">{escape(curve["unit"])}</text>')
    out.append("</svg>")
    return "\n".join(out) + "\n"
