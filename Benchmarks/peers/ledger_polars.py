#!/usr/bin/env python3
"""W1 in Polars (lazy, streaming engine; ENGINE=in-memory for the other). ledger_polars.py ROSTER OUT FILE…"""
import os, sys
import polars as pl
from rules import *

ros, out, files = sys.argv[1], sys.argv[2], sys.argv[3:]
by_code, by_name, region_of = roster(ros)
codes = pl.LazyFrame({"unit_code": list(by_code), "uc": list(by_code)})
names = pl.LazyFrame({"unit_name": list(by_name), "un": list(by_name.values())})
regs = pl.LazyFrame({"u": list(region_of), "reg": list(region_of.values())})
c = pl.col
WS = " \t\n\r　"
trim = lambda n: c(n).fill_null("").str.strip_chars(WS)
fw = lambda n: (pl.when(c(n).str.contains("[０-９]")).then(trim(n).str.replace_many(list("０１２３４５６７８９"), list("0123456789")))
                .otherwise(trim(n)))
lf = pl.scan_csv(files, has_header=False, skip_lines=1, schema={n: pl.String for n in COLS + ["extra"]},
                 truncate_ragged_lines=True, infer_schema=False, missing_columns='insert')
lf = lf.with_columns(ragged=c("submitted_at").is_null() | c("extra").is_not_null()).with_columns(
    *[trim(n).alias(n) for n in ("record_id", "campaign", "team", "unit_name", "region_code", "method", "kind", "category",
                                 "interviewee_role", "text", "submitted_at")],
    *[fw(n).alias(n) for n in ("unit_code", "severity", "score", "visit_date")])
lf = lf.with_columns(
    m=c("method").replace_strict(METHODS, default=None), k=c("kind").replace_strict(KINDS, default=None),
    vd=pl.coalesce(*[c("visit_date").str.to_date(f, strict=False) for f in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日")]))
lf = lf.join(codes, on="unit_code", how="left").join(names, on="unit_name", how="left")
lf = lf.with_columns(u=pl.when(c("unit_code") != "").then(c("uc")).otherwise(c("un"))).join(regs, on="u", how="left")
req = pl.any_horizontal(*[c(n) == "" for n in ("record_id", "campaign", "team", "visit_date", "method", "kind", "category",
                                               "text", "submitted_at")])
ts_ok = (c("submitted_at").str.contains(f"^{TS_RE}$")
         & c("submitted_at").str.slice(0, 19).str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False).is_not_null())
why = (pl.when(c("ragged")).then(pl.lit("ragged"))
       .when(req).then(pl.lit("missing-required"))
       .when(c("m").is_null() | c("k").is_null() | ~c("category").is_in(sorted(CATS)) | ~c("campaign").is_in(list(CAMPAIGNS))
             | ~c("team").is_in(sorted(TEAMS))).then(pl.lit("bad-code"))
       .when(c("u").is_null()).then(pl.lit("unknown-unit"))
       .when((c("region_code") != "") & (c("region_code") != c("reg"))).then(pl.lit("region-mismatch"))
       .when(c("vd").is_null() | ~c("vd").is_between(pl.lit(LO).str.to_date(), pl.lit(HI).str.to_date())).then(pl.lit("bad-date"))
       .when((c("severity") != "") & ~c("severity").is_in(sorted(SEVS))).then(pl.lit("bad-severity"))
       .when((c("severity") == "") & (c("k") == "problem")).then(pl.lit("missing-severity"))
       .when((c("score") != "") & ~(c("score").str.contains(f"^{SCORE_RE}$")
             & (c("score").cast(pl.Float64, strict=False) <= 100))).then(pl.lit("bad-score"))
       .when((c("m") == "interview") & (c("interviewee_role") == "")).then(pl.lit("missing-role"))
       .when(~ts_ok).then(pl.lit("bad-timestamp"))
       .when(c("vd") > c("submitted_at").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)).then(pl.lit("date-after-submit"))
       .otherwise(None).alias("why"))
df = lf.select("record_id", "u", "k", "category", why).collect(engine=os.environ.get("ENGINE", "streaming"))
rej = dict(df.filter(c("why").is_not_null()).group_by("why").len().rows())
ok = df.lazy().filter(c("why").is_null()).unique(subset="record_id", keep="any").select("u", "k", "category").collect()
emit(out, df.height, df.height - sum(rej.values()) - ok.height, rej, ok.group_by("u", "k", "category").len().rows())
