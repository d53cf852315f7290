"""What the program answered, read from its output folder into the lines of expected.tsv; and the comparison."""
import csv
import json
import os
import re

REQUIRED = {"record_id", "campaign", "team", "visit_date", "method", "kind", "category", "text", "submitted_at"}
# The order of the contract: of several reasons of one record the first one counts.
LEDGER_ORDER = ["ragged", "missing-required", "bad-code", "unknown-unit", "region-mismatch", "bad-date", "bad-severity",
                "missing-severity", "bad-score", "missing-role", "bad-timestamp", "date-after-submit"]
SUBMISSION_ORDER = ["malformed", "missing-id", "unknown-unit", "bad-date", "bad-answer", "bad-category", "bad-severity", "empty-text"]
FINDING_REASONS = {"bad-category", "bad-severity", "empty-text"}
KINDS = {"highlights": "highlight", "problems": "problem", "suggestions": "suggestion"}


def ledger_reason(rule, field, found):
    if rule in ("missing-cell", "extra-cell"): return "ragged"
    if rule in ("missing-severity", "missing-role", "date-after-submit"): return rule
    if rule == "constraint-error" and field in REQUIRED and not (found or "").strip(" \t\r\n\u3000"): return "missing-required"
    if rule in ("code-unknown", "team-unknown") or (rule == "constraint-error" and field in ("campaign", "team")): return "bad-code"
    if rule in ("unit-unknown", "unit-missing"): return "unknown-unit"
    if rule == "region-mismatch": return rule
    if field == "visit_date": return "bad-date"
    if field == "severity": return "bad-severity"
    if field == "score": return "bad-score"
    if field == "submitted_at": return "bad-timestamp"
    return f"other:{rule}:{field}"


def questionnaire_reason(rule, field, found):
    if rule in ("unit-unknown", "unit-missing"): return "unknown-unit"
    if field == "visit_date": return "bad-date"
    if field == "id" or rule == "primary-key": return "missing-id"
    if field == "category": return "bad-category"
    if field == "severity": return "bad-severity"
    if field == "text": return "empty-text"
    if rule.startswith("xml-"): return "malformed"
    return f"other:{rule}:{field}"


def survey_reason(rule, field, found):
    return "bad-answer" if re.fullmatch(r"q\d+", field or "") else f"other:{rule}:{field}"


REASONS = {"w1": ledger_reason, "w2": questionnaire_reason, "forms": questionnaire_reason, "wide": survey_reason}


def load(out, name):
    with open(os.path.join(out, name), encoding="utf-8-sig") as file: return json.load(file)


def counts(out, kind):
    """{line without its number: number} for rows, duplicates and rejected."""
    run = load(out, "run.json")
    if not run["sum"]["holds"]: raise ValueError("run.json says that the sum does not hold")
    records = run["sum"]["records"]
    found = {"rows": records["read"], "duplicates": records["duplicate"] + records["superseded"]}
    if kind == "sheet": return found
    reason_of, by_record, several = REASONS[kind], {}, {}
    for row in load(out, "rejected.json"):
        by_record.setdefault((row["file"], row["record"]), []).append(reason_of(row["rule"], row["field"], row["found"]))
    order = LEDGER_ORDER if kind == "w1" else SUBMISSION_ORDER
    for reasons in by_record.values():
        # Findings are rejected one by one, unless the submission is rejected as a whole.
        if kind in ("w2", "forms") and all(reason in FINDING_REASONS for reason in reasons): counted = reasons
        else: counted = [min(reasons, key=lambda reason: order.index(reason) if reason in order else -1)]
        for reason in counted: several[reason] = several.get(reason, 0) + 1
    # A file that is rejected whole holds one submission that was never read.
    found["rows"] += several.get("malformed", 0)
    for reason, count in several.items(): found[f"rejected\t{reason}"] = count
    return found


def sums(out):
    """Findings per unit and kind, and per category and kind, as the published tables have them."""
    units, categories = {}, {}
    for row in load(out, "units.json"):
        for column, kind in KINDS.items():
            if row[column]: units[row["unit"], kind] = row[column]
    for row in load(out, "categories.json"):
        for column, kind in KINDS.items():
            if row[column]: categories[row["category"], kind] = row[column]
    return units, categories


def tally(out):
    """Findings per unit, kind and category, counted from the table `findings`."""
    cells = {}
    with open(os.path.join(out, "findings.csv"), encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        heading = next(rows)
        unit, kind, category = (heading.index(name) for name in ("Unit code", "Kind code", "Category code"))
        for row in rows:
            key = f"tally\t{row[unit]}\t{row[kind]}\t{row[category]}"
            cells[key] = cells.get(key, 0) + 1
    return cells


def read_expected(path):
    expected = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            key, number = line.rstrip("\n").rsplit("\t", 1)
            expected[key] = int(number)
    return expected


def differences(expected, found):
    return [f"{key!r}: expected {expected.get(key, 0)}, found {found.get(key, 0)}"
            for key in sorted(expected.keys() | found.keys()) if expected.get(key, 0) != found.get(key, 0)]


def check(out, kind, expected_path, every_cell=False):
    """Differences between the program's output folder and the expected answer; empty when it is right.

    Without `every_cell` the tables per unit and per category are compared; with it the cells unit × kind × category, from the
    table `findings`, and the lines must then be those of the file, byte for byte."""
    expected = read_expected(expected_path)
    found = counts(out, kind)
    if kind == "sheet": return differences(expected, found)
    if every_cell:
        found |= tally(out)
        wrong = differences(expected, found)
        lines = sorted(f"{key}\t{number}".encode() for key, number in found.items())
        with open(expected_path, "rb") as file: same = file.read() == b"\n".join(lines) + b"\n"
        return wrong if same or wrong else ["the same counts, but not the same bytes"]
    units, categories = {}, {}
    for key in list(expected):
        if not key.startswith("tally\t"): continue
        _, unit, kind_, category = key.split("\t")
        number = expected.pop(key)
        units[unit, kind_] = units.get((unit, kind_), 0) + number
        categories[category, kind_] = categories.get((category, kind_), 0) + number
    found_units, found_categories = sums(out)
    return differences(expected, found) + differences(units, found_units) + differences(categories, found_categories)
