#!/usr/bin/env python3
"""W1 in frictionless-py: schema constraints + one custom row check for the cross-field rules. ledger_frictionless.py ROSTER OUT FILE…
The library validates the text fields as they stand (no normalisation step of its own), so the row check does that."""
import sys
from collections import Counter
import re
from datetime import date, datetime
from frictionless import Check, Checklist, Resource, Schema, errors, fields, Detector, Dialect
from rules import *

by_code, by_name, region_of = roster(sys.argv[1])
date_m, ts_m, score_m = re.compile(DATE_RE).fullmatch, re.compile(TS_RE).fullmatch, re.compile(SCORE_RE).fullmatch
rej, tally, seen, n = Counter(), Counter(), set(), Counter()


class Bad(errors.RowError):
    type = "ledger-rule"; title = "Ledger rule"; description = "Ledger rule"; template = "{note}"


class Rules(Check):
    type = "ledger"; Errors = [Bad]

    def validate_row(self, row):
        n["rows"] += 1
        if any(e.type in ("extra-cell", "missing-cell") for e in row.errors): rej["ragged"] += 1; return
        why, key = self.judge({k: (v or "").strip() for k, v in row.items()})
        if why:
            rej[why] += 1
            yield Bad.from_row(row, note=why)
        elif key[0] in seen: n["dups"] += 1
        else: seen.add(key[0]); tally[key[1:]] += 1

    def judge(self, r):
        if not all(r[c] for c in ("record_id", "campaign", "team", "visit_date", "method", "kind", "category", "text", "submitted_at")):
            return "missing-required", None
        m, k = METHODS.get(r["method"]), KINDS.get(r["kind"])
        if not m or not k or r["category"] not in CATS or r["campaign"] not in CAMPAIGNS or r["team"] not in TEAMS: return "bad-code", None
        u = by_code.get(r["unit_code"].translate(FW)) if r["unit_code"] else by_name.get(r["unit_name"])
        if u is None: return "unknown-unit", None
        if r["region_code"] and r["region_code"] != region_of[u]: return "region-mismatch", None
        d = date_m(r["visit_date"].translate(FW))
        try: iso = date(int(d[1]), int(d[2]), int(d[3])).isoformat()
        except (TypeError, ValueError): return "bad-date", None
        if not LO <= iso <= HI: return "bad-date", None
        if r["severity"]:
            if r["severity"].translate(FW) not in SEVS: return "bad-severity", None
        elif k == "problem": return "missing-severity", None
        sc = r["score"].translate(FW)
        if sc and (not score_m(sc) or float(sc) > 100): return "bad-score", None
        if m == "interview" and not r["interviewee_role"]: return "missing-role", None
        try:
            if not ts_m(r["submitted_at"]): raise ValueError
            datetime.fromisoformat(r["submitted_at"])
        except ValueError: return "bad-timestamp", None
        if iso > r["submitted_at"][:10]: return "date-after-submit", None
        return None, (r["record_id"], u, k, r["category"])


schema = Schema(fields=[fields.StringField(name=c) for c in COLS])
for path in sys.argv[3:]:
    Resource(path=path.rsplit("/", 1)[1], basepath=path.rsplit("/", 1)[0], schema=schema, encoding="utf-8").validate(
        Checklist(checks=[Rules()]), limit_errors=10**9)
emit(sys.argv[2], n["rows"], n["dups"], rej, ((u, k, c, v) for (u, k, c), v in tally.items()))
