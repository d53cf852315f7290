#!/usr/bin/env python3
"""W2 in Python. questionnaires.py PARSER KIND ROSTER OUT PATH   PARSER: lxml | etree | expat (expat: big only)   KIND: odk (a folder of files) | big (one file)"""
import os, re, sys
from collections import Counter
from datetime import date
from rules import *

parser, kind, ros, out, path = sys.argv[1:6]
by_code, by_name, _ = roster(ros)
date_m = re.compile(DATE_RE).fullmatch
rej, tally, seen = Counter(), Counter(), set()
n = Counter()


def good_date(s):
    d = date_m(s.strip().translate(FW))
    if not d: return False
    try: return LO <= date(int(d[1]), int(d[2]), int(d[3])).isoformat() <= HI
    except ValueError: return False


def submission(iid, code, name, vdate, findings):
    """findings: [(kind, category, severity, text)], raw strings"""
    iid, code = iid.strip(), code.strip()
    if not iid: rej["missing-id"] += 1; return
    u = by_code.get(code) if code else by_name.get(name.strip())
    if u is None: rej["unknown-unit"] += 1; return
    if not good_date(vdate): rej["bad-date"] += 1; return
    if iid in seen: n["dups"] += 1; return
    seen.add(iid)
    for k, c, s, t in findings:
        if c.strip() not in CATS: rej["bad-category"] += 1
        elif s.strip().translate(FW) not in SEVS: rej["bad-severity"] += 1
        elif not t.strip(): rej["empty-text"] += 1
        else: tally[u, KINDS[k.strip()], c.strip()] += 1


def odk():
    if parser == "lxml":
        from lxml import etree
        parse, err = lambda p: etree.parse(p).getroot(), etree.XMLSyntaxError
    else:
        import xml.etree.ElementTree as ET
        parse, err = lambda p: ET.parse(p).getroot(), ET.ParseError
    OR = "{http://openrosa.org/xforms}"
    for d in sorted(os.listdir(path)):
        for f in sorted(os.listdir(f"{path}/{d}")):
            n["rows"] += 1
            try: r = parse(f"{path}/{d}/{f}")
            except err: rej["malformed"] += 1; continue
            g = r.find("general")
            submission(r.findtext(f"{OR}meta/{OR}instanceID") or "", g.findtext("unit_code") or "", g.findtext("unit_name") or "",
                       g.findtext("visit_date") or "",
                       [(e.findtext("kind"), e.findtext("category"), e.findtext("severity"), e.findtext("text") or "") for e in r.iterfind("findings")])


def big():
    if parser == "lxml": from lxml import etree as E
    else: import xml.etree.ElementTree as E
    if parser == "lxml": it = E.iterparse(path, events=("end",), tag="response")
    else:
        it = iter(E.iterparse(path, events=("start", "end")))
        root = next(it)[1]
        it = (x for x in it if x[0] == "end" and x[1].tag == "response")
    for _, r in it:
        n["rows"] += 1
        un = r.find("unit")
        submission(r.get("id") or "", un.get("code") or "", un.text or "", r.findtext("visitDate") or "",
                   [(e.get("kind"), e.get("category"), e.get("severity"), e.findtext("text") or "") for e in r.iterfind("findings/finding")])
        if parser == "lxml":
            r.clear()
            while r.getprevious() is not None: del r.getparent()[0]
        else: root.clear()


def big_expat():
    from xml.parsers import expat
    st = {}
    fs, buf, want = [], [], False

    def start(tag, a):
        nonlocal want
        if tag == "finding": st["f"] = (a.get("kind"), a.get("category"), a.get("severity"))
        elif tag in ("text", "visitDate", "unit"):
            want = True; buf.clear()
            if tag == "unit": st["code"] = a.get("code", "")
        elif tag == "response": st.clear(); fs.clear(); st["id"] = a.get("id", "")

    def end(tag):
        nonlocal want
        if want:
            want = False; s = "".join(buf)
            if tag == "text": fs.append((*st["f"], s))
            else: st[tag] = s
        elif tag == "response":
            n["rows"] += 1; submission(st["id"], st["code"], st.get("unit", ""), st.get("visitDate", ""), fs)

    def chars(s):
        if want: buf.append(s)
    p = expat.ParserCreate(); p.buffer_text = True; p.buffer_size = 1 << 16
    p.StartElementHandler, p.EndElementHandler, p.CharacterDataHandler = start, end, chars
    with open(path, "rb") as f: p.ParseFile(f)


{"odk": odk, "big": big_expat if parser == "expat" else big}[kind]()
emit(out, n["rows"], n["dups"], rej, ((u, k, c, v) for (u, k, c), v in tally.items()))
