#!/usr/bin/env python3
"""W1 in pandas (C engine, all text). ledger_pandas.py ROSTER OUT FILE…"""
import sys
import pandas as pd
from rules import *

by_code, by_name, region_of = roster(sys.argv[1])
df = pd.concat([pd.read_csv(p, header=None, skiprows=1, names=COLS + ["extra"], dtype=str, keep_default_na=False,
                            na_values=[], na_filter=False, encoding="utf-8") for p in sys.argv[3:]], ignore_index=True)
# With na_filter off a missing trailing column reads as '' (submitted_at is never empty in a whole row)
ragged = (df["submitted_at"] == "") | (df["extra"] != "")
for n in COLS: df[n] = df[n].str.strip(" \t\n\r　")
for n in ("unit_code", "severity", "score", "visit_date"):
    hit = df[n].str.contains("[０-９]", regex=True)
    df.loc[hit, n] = df.loc[hit, n].str.translate(FW)
req = (df[["record_id", "campaign", "team", "visit_date", "method", "kind", "category", "text", "submitted_at"]] == "").any(axis=1)
m, k = df["method"].map(METHODS), df["kind"].map(KINDS)
u = df["unit_code"].map(by_code).where(df["unit_code"] != "", df["unit_name"].map(by_name))
g = df["visit_date"].str.extract(f"^{DATE_RE}$")
iso = g[0] + "-" + g[1].str.zfill(2) + "-" + g[2].str.zfill(2)
vd = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce")
sub = df["submitted_at"]
ts_ok = sub.str.fullmatch(TS_RE) & pd.to_datetime(sub.str[:19], format="%Y-%m-%dT%H:%M:%S", errors="coerce").notna()
score_ok = df["score"].str.fullmatch(SCORE_RE) & (pd.to_numeric(df["score"], errors="coerce") <= 100)
rules = [
    ("ragged", ragged), ("missing-required", req),
    ("bad-code", m.isna() | k.isna() | ~df["category"].isin(CATS) | ~df["campaign"].isin(CAMPAIGNS) | ~df["team"].isin(TEAMS)),
    ("unknown-unit", u.isna()),
    ("region-mismatch", (df["region_code"] != "") & (df["region_code"] != u.map(region_of))),
    ("bad-date", vd.isna() | (vd < LO) | (vd > HI)),
    ("bad-severity", (df["severity"] != "") & ~df["severity"].isin(SEVS)),
    ("missing-severity", (df["severity"] == "") & (k == "problem")),
    ("bad-score", (df["score"] != "") & ~score_ok),
    ("missing-role", (m == "interview") & (df["interviewee_role"] == "")),
    ("bad-timestamp", ~ts_ok), ("date-after-submit", iso > sub.str[:10])]
bad, rej = pd.Series(False, index=df.index), {}
for name, mask in rules:
    mask = mask & ~bad
    rej[name] = int(mask.sum()); bad |= mask
ok = pd.DataFrame({"id": df["record_id"], "u": u, "k": k, "c": df["category"]})[~bad]
kept = ok.drop_duplicates("id")
t = kept.groupby(["u", "k", "c"]).size()
emit(sys.argv[2], len(df), len(ok) - len(kept), rej, ((a, b, d, n) for (a, b, d), n in t.items()))
