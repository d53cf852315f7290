#!/usr/bin/env python3
"""Runs workload W1 and compares the outcome with the generator's expected answer, byte for byte.

    gen_csv.py DATA/w1-10.csv 10            # of the speed comparison: FILE, FILE.expected.tsv and roster.csv beside it
    Benchmarks/w1/check.py FIELDTALLY DATA/w1-10.csv [--without-rules]

The contract names the first check that fails; `rejected` lists all faults of a record, so the first in the contract's order
is taken."""
import collections, csv, filecmp, json, os, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ORDER = ["ragged", "missing_required", "bad_code", "unknown_unit", "region_mismatch", "bad_date", "bad_severity",
         "missing_severity", "bad_score", "missing_role", "bad_timestamp", "date_after_submit"]
RULES = {"missing-cell": "ragged", "extra-cell": "ragged", "primary-key": "missing_required", "code-unknown": "bad_code",
         "team-unknown": "bad_code", "finding-without-kind": "missing_required", "unit-unknown": "unknown_unit",
         "unit-missing": "unknown_unit", "unit-mismatch": "unknown_unit", "region-mismatch": "region_mismatch",
         "region-unknown": "region_mismatch", "visit-outside-window": "bad_date", "missing-severity": "missing_severity",
         "missing-role": "missing_role", "date-after-submit": "date_after_submit"}
FIELDS = {"visit_date": "bad_date", "severity": "bad_severity", "score": "bad_score", "submitted_at": "bad_timestamp"}


def reason(row):
    if row["rule"] in RULES: return RULES[row["rule"]]
    if row["rule"] == "constraint-error" and not row["found"].strip(" \u3000"): return "missing_required"
    if row["rule"] in ("type-error", "constraint-error"): return FIELDS.get(row["field"], row["rule"])
    return row["rule"]


def rows(path):
    with open(path, encoding="utf-8") as file: document = json.load(file)
    return document["rows"] if isinstance(document, dict) else document


def main():
    program, data = sys.argv[1], os.path.abspath(sys.argv[2])
    folder = tempfile.mkdtemp(prefix="w1-")
    campaign = os.path.join(folder, "campaign")
    shutil.copytree(HERE, campaign, ignore=shutil.ignore_patterns("*.py"))
    shutil.copy(os.path.join(os.path.dirname(data), "roster.csv"), campaign)
    inbox = os.path.join(folder, "inbox"); os.mkdir(inbox)
    os.link(data, os.path.join(inbox, "ledger.csv")) if os.stat(data).st_dev == os.stat(inbox).st_dev else shutil.copy(
        data, os.path.join(inbox, "ledger.csv"))
    path = os.path.join(campaign, "pipeline.yaml")
    text = open(path, encoding="utf-8").read()
    if "--without-rules" in sys.argv: text = text[:text.index("\nrules:") + 1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "output: {formats: [json], tables: [findings, rejected]}\n")
    out = os.path.join(folder, "out")
    begin = time.time()
    status = subprocess.run([program, "run", campaign, "--inbox", inbox, "--out", out, "--as-of", "2023-01-01"],
                            stdout=subprocess.DEVNULL).returncode
    seconds = time.time() - begin
    print(f"status {status}, {seconds:.2f} s,", json.load(open(os.path.join(out, "durations.json"))))
    run = json.load(open(os.path.join(out, "run.json")))
    first = {}
    for row in rows(os.path.join(out, "rejected.json")):
        why = reason(row)
        known = first.get(row["record"])
        rank = ORDER.index(why) if why in ORDER else len(ORDER)
        if known is None or rank < known[0]: first[row["record"]] = (rank, why)
    rejected = collections.Counter(why for _, why in first.values())
    tally = collections.Counter((row["unit"], row["kind"], row["category"]) for row in rows(os.path.join(out, "findings.json")))
    sums = run["sum"]["records"]
    lines = [f"rows\t{sums['read']}", f"duplicates\t{sums['duplicate']}"]
    lines += [f"rejected\t{why}\t{count}" for why, count in rejected.items()]
    lines += [f"tally\t{unit}\t{kind}\t{category}\t{count}" for (unit, kind, category), count in tally.items()]
    answer = os.path.join(folder, "answer.tsv")
    with open(answer, "w", encoding="utf-8") as file: file.write("\n".join(sorted(lines)) + "\n")
    equal = filecmp.cmp(answer, data + ".expected.tsv", shallow=False)
    print("equal" if equal else f"DIFFERS: diff {answer} {data}.expected.tsv")
    if equal: shutil.rmtree(folder)
    sys.exit(0 if equal or "--without-rules" in sys.argv else 1)


main()
