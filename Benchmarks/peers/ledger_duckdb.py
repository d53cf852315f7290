#!/usr/bin/env python3
"""W1 in DuckDB SQL. ledger_duckdb.py ROSTER OUT FILE…   (THREADS=n in the environment caps the threads)"""
import os, sys
import duckdb
from rules import *

ros, out, files = sys.argv[1], sys.argv[2], sys.argv[3:]
q = lambda xs: ",".join("'" + x + "'" for x in xs)
mp = lambda d: "MAP {" + ",".join(f"'{k}':'{v}'" for k, v in d.items()) + "}"
cols = "{" + ",".join(f"'{c}':'VARCHAR'" for c in COLS) + "}"
# trim() with a character set costs 0.5 µs a value, so it is guarded; translate() likewise
trim = lambda c: (f"coalesce(CASE WHEN contains({c}, '　') OR {c} LIKE ' %' OR {c} LIKE '% ' OR contains({c}, chr(9)) "
                  f"THEN trim({c}, ' \t\n\r　') ELSE {c} END, '')")
fw = lambda c: (f"CASE WHEN regexp_matches({c}, '[０-９]') THEN translate({trim(c)}, '０１２３４５６７８９', '0123456789') ELSE {trim(c)} END")
con = duckdb.connect()
if os.environ.get("THREADS"): con.execute(f"SET threads={int(os.environ['THREADS'])}")
con.execute("SET preserve_insertion_order=false")
# without this the planner builds the hash tables on the 548,000-row side
con.execute("SET disabled_optimizers='build_side_probe_side,join_order'")
con.execute(f"CREATE TABLE ros AS SELECT * FROM read_csv('{ros}', all_varchar=true)")
con.execute("CREATE TABLE nm AS SELECT unit_name AS name, unit_code AS u FROM ros UNION ALL "
            "SELECT unnest(string_split(aliases, '|')), unit_code FROM ros")
con.execute(f"""
CREATE TABLE t AS
WITH raw AS (
  SELECT {", ".join(f"{trim(c)} AS {c}" for c in ("record_id", "campaign", "team", "unit_name", "region_code", "category", "interviewee_role", "submitted_at"))},
    {", ".join(f"{fw(c)} AS {c}" for c in ("unit_code", "severity", "score"))},
    {trim("method")} AS method, {trim("kind")} AS kind, NOT coalesce(regexp_matches(text, '[^ \\t\\n\\r　]'), false) AS notext, {fw("visit_date")} AS vd0
  FROM read_csv([{q(files)}], columns={cols}, header=false, skip=1, quote='"', escape='"', delim=',',
                auto_detect=false, store_rejects=true, rejects_limit=0)),
n AS (
  SELECT raw.*, {mp(METHODS)}[method] AS m, {mp(KINDS)}[kind] AS k,
    CASE WHEN raw.unit_code <> '' THEN c.unit_code ELSE nm.u END AS u,
    try_cast(CASE WHEN regexp_full_match(vd0, '{DATE_RE}')
      THEN replace(replace(replace(replace(vd0, '日', ''), '年', '-'), '月', '-'), '/', '-') END AS DATE) AS vd
  FROM raw LEFT JOIN ros c ON raw.unit_code = c.unit_code LEFT JOIN nm ON raw.unit_name = nm.name)
SELECT record_id, n.u, k, category, CASE
  WHEN record_id = '' OR campaign = '' OR team = '' OR vd0 = '' OR method = '' OR kind = '' OR category = '' OR notext
    OR submitted_at = '' THEN 'missing-required'
  WHEN m IS NULL OR k IS NULL OR category NOT IN ({q(sorted(CATS))}) OR campaign NOT IN ({q(CAMPAIGNS)})
    OR team NOT IN ({q(sorted(TEAMS))}) THEN 'bad-code'
  WHEN n.u IS NULL THEN 'unknown-unit'
  WHEN n.region_code <> '' AND n.region_code <> r.region_code THEN 'region-mismatch'
  WHEN vd IS NULL OR vd NOT BETWEEN DATE '{LO}' AND DATE '{HI}' THEN 'bad-date'
  WHEN severity <> '' AND severity NOT IN ('1','2','3','4','5') THEN 'bad-severity'
  WHEN severity = '' AND k = 'problem' THEN 'missing-severity'
  WHEN score <> '' AND NOT (regexp_full_match(score, '{SCORE_RE}') AND coalesce(try_cast(score AS DECIMAL(9,3)) <= 100, false)) THEN 'bad-score'
  WHEN m = 'interview' AND interviewee_role = '' THEN 'missing-role'
  WHEN NOT regexp_full_match(submitted_at, '{TS_RE}')
    OR try_cast(replace(submitted_at[1:19], 'T', ' ') AS TIMESTAMP) IS NULL THEN 'bad-timestamp'
  WHEN vd > try_cast(submitted_at[1:10] AS DATE) THEN 'date-after-submit'
  END AS why
FROM n LEFT JOIN ros r ON n.u = r.unit_code""")
# ragged rows never reach t: the scanner skips them and lists them in reject_errors (this way it stays parallel)
ragged = con.execute("SELECT count(DISTINCT (file_id, line)) FROM reject_errors").fetchone()[0]
rows = con.execute("SELECT count(*) FROM t").fetchone()[0] + ragged
rej = dict(con.execute("SELECT why, count(*) FROM t WHERE why IS NOT NULL GROUP BY 1").fetchall())
rej["ragged"] = ragged
con.execute("CREATE TABLE ok AS SELECT record_id, any_value(u) u, any_value(k) k, any_value(category) c FROM t WHERE why IS NULL GROUP BY 1")
kept = con.execute("SELECT count(*) FROM ok").fetchone()[0]
emit(out, rows, rows - sum(rej.values()) - kept, rej, con.execute("SELECT u, k, c, count(*) FROM ok GROUP BY 1,2,3").fetchall())
