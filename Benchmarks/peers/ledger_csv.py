#!/usr/bin/env python3
"""W1, Python's csv module and a hand-written loop. ledger_csv.py ROSTER OUT FILE…"""
import csv, re, sys
from collections import Counter
from datetime import date, datetime
from rules import *

csv.field_size_limit(1 << 24)
date_m, ts_m, score_m = re.compile(DATE_RE).fullmatch, re.compile(TS_RE).fullmatch, re.compile(SCORE_RE).fullmatch
by_code, by_name, region_of = roster(sys.argv[1])


def check(row):
    if len(row) != 15: return "ragged", None
    rid, camp, team, code, name, reg, vd, meth, kind, cat, sev, score, role, text, sub = [x.strip() for x in row]
    if not (rid and camp and team and vd and meth and kind and cat and text and sub): return "missing-required", None
    m, k = METHODS.get(meth), KINDS.get(kind)
    if m is None or k is None or cat not in CATS or camp not in CAMPAIGNS or team not in TEAMS: return "bad-code", None
    u = by_code.get(code.translate(FW)) if code else by_name.get(name)
    if u is None: return "unknown-unit", None
    if reg and reg != region_of[u]: return "region-mismatch", None
    d = date_m(vd.translate(FW))
    if not d: return "bad-date", None
    try: vd = date(int(d[1]), int(d[2]), int(d[3])).isoformat()
    except ValueError: return "bad-date", None
    if not LO <= vd <= HI: return "bad-date", None
    if sev:
        if sev.translate(FW) not in SEVS: return "bad-severity", None
    elif k == "problem": return "missing-severity", None
    if score:
        score = score.translate(FW)
        if not score_m(score) or float(score) > 100: return "bad-score", None
    if m == "interview" and not role: return "missing-role", None
    if not ts_m(sub): return "bad-timestamp", None
    try: datetime.fromisoformat(sub)
    except ValueError: return "bad-timestamp", None
    if vd > sub[:10]: return "date-after-submit", None
    return None, (rid, u, k, cat)


def main():
    rows = dups = 0
    rej, tally, seen = Counter(), Counter(), set()
    for path in sys.argv[3:]:
        with open(path, encoding="utf-8", newline="") as f:
            rd = csv.reader(f); next(rd)
            for row in rd:
                rows += 1
                why, ok = check(row)
                if why: rej[why] += 1; continue
                if ok[0] in seen: dups += 1; continue
                seen.add(ok[0]); tally[ok[1:]] += 1
    emit(sys.argv[2], rows, dups, rej, ((u, k, c, n) for (u, k, c), n in tally.items()))


main()
