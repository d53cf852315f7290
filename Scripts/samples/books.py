"""The books of a sample campaign: what was written, and what a run must make of it."""
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field

KINDS = ("highlight", "problem", "suggestion")

#: What is wrong with a record, and the rule of the program that finds it. The left side names the fault in the sample;
#: only the right side changes when a rule is renamed.
RULES = {
    "missing-cell": "missing-cell", "extra-cell": "extra-cell", "not-an-integer": "type-error",
    "not-a-number": "type-error", "not-a-date": "type-error", "not-a-datetime": "type-error",
    "no-such-day": "type-error", "ambiguous-date": "type-error", "bad-boolean": "type-error",
    "required": "constraint-error", "missing-id": "constraint-error", "enum": "constraint-error",
    "minimum": "constraint-error", "maximum": "constraint-error", "pattern": "constraint-error",
    "phone-pattern": "constraint-error", "too-long": "constraint-error", "unit-unknown": "unit-unknown",
    "region-mismatch": "region-mismatch", "region-unknown": "region-unknown",
    "team-unknown": "team-unknown", "code-unknown": "code-unknown", "outside-window": "visit-outside-window",
    "unclosed-quote": "unclosed-quote", "text-after-quote": "text-after-quote", "nul-byte": "nul-byte",
    "undecodable": "encoding-error", "duplicate-label": "duplicate-label", "empty-file": "empty-file",
    "xml-malformed": "xml-not-well-formed", "xml-doctype": "xml-doctype-forbidden", "unclaimed": "file-unclaimed",
    "repeated-file": "file-repeated",
}


@dataclass
class Finding:
    kind: str
    category: str = ""
    severity: int | None = None
    text: str = ""
    #: Name of the fault for which this one finding is rejected and its record is not.
    fault: str = ""


@dataclass
class Record:
    source: str
    key: str
    unit: str = ""
    team: str = ""
    date: str = ""
    method: str = ""
    mode: str = ""
    values: dict = field(default_factory=dict)
    findings: list = field(default_factory=list)
    #: `accepted`, `rejected`, `duplicate` or `superseded`.
    verdict: str = "accepted"
    #: Fault and field of a rejected record.
    fault: str = ""
    fault_field: str | None = None
    #: What the case shows, where that is not plain.
    note: str = ""
    file: str = ""
    line: int = 0
    number: int = 0

    def reject(self, fault, name=None, note=""):
        assert fault in RULES, fault
        self.verdict, self.fault, self.fault_field, self.note = "rejected", fault, name, note
        return self


class Books:
    def __init__(self, campaign, units, regions, teams, visit_sources, comment):
        self.campaign, self.units, self.regions, self.teams = campaign, units, regions, teams
        self.visit_sources, self.comment = visit_sources, comment
        self.records, self.files, self.failed, self.warnings = [], {}, [], []

    def open_file(self, name, source, **facts):
        assert name not in self.files, name
        self.files[name] = {"source": source, **facts, "records": [], "other_rows": []}

    def enter(self, file, record, line):
        record.file, record.line = file, line
        self.files[file]["records"].append(record)
        record.number = len(self.files[file]["records"])
        self.records.append(record)

    def pass_over(self, file, line, kind):
        self.files[file]["other_rows"].append([line, kind])

    def fail(self, file, source, fault, note):
        self.failed.append({"file": file, "source": source, "kind": fault, "rule": RULES[fault], "note": note})

    def warn(self, file, fault, note):
        self.warnings.append({"file": file, "kind": fault, "rule": RULES[fault], "note": note})

    # Sums over the books.

    def accepted(self):
        return [record for record in self.records if record.verdict == "accepted"]

    def is_visit(self, record):
        return record.source in self.visit_sources

    def blank_tally(self):
        return {"units_inspected": 0, "visits": 0, "visit_days": 0, "records": 0} | {kind + "s": 0 for kind in KINDS}

    def tally(self, records):
        tally = self.blank_tally()
        visits = [record for record in records if self.is_visit(record)]
        tally["units_inspected"] = len({record.unit for record in visits})
        tally["visits"] = len(visits)
        tally["visit_days"] = len({(record.unit, record.team, record.date) for record in visits})
        tally["records"] = len(records)
        for record in records:
            for finding in record.findings:
                if not finding.fault:
                    tally[finding.kind + "s"] += 1
        return tally

    def above(self, region):
        chain = []
        while region:
            chain.append(region)
            region = self.regions[region]["parent"]
        return chain

    def unit_table(self):
        by_unit = defaultdict(list)
        for record in self.accepted():
            by_unit[record.unit].append(record)
        table = {}
        for code, unit in self.units.items():
            tally = self.tally(by_unit[code])
            table[code] = {
                "name": unit["name"], "region": unit["region"], "planned": unit["planned"],
                "inspected": tally.pop("units_inspected") == 1, **tally}
        return table

    def region_table(self):
        own, total = defaultdict(list), defaultdict(list)
        for record in self.accepted():
            region = self.units[record.unit]["region"]
            own[region].append(record)
            for code in self.above(region):
                total[code].append(record)
        return {
            code: {"name": region["name"], "own": self.tally(own[code]), "total": self.tally(total[code]),
                   "categories": self.categories(total[code])}
            for code, region in self.regions.items()}

    def categories(self, records):
        counts = Counter(
            (finding.kind, finding.category or "-") for record in records for finding in record.findings
            if not finding.fault)
        table = {kind: {} for kind in KINDS}
        for (kind, category), count in sorted(counts.items()):
            table[kind][category] = count
        return table

    def group_table(self, attribute, names):
        groups = defaultdict(list)
        for record in self.accepted():
            groups[getattr(record, attribute)].append(record)
        return {name: self.tally(groups[name]) for name in [*names, *([""] if groups[""] else [])]}

    def coverage(self):
        visited = {record.unit for record in self.accepted() if self.is_visit(record)}
        named = {record.unit for record in self.accepted()}
        planned = {code for code, unit in self.units.items() if unit["planned"]}
        return {
            "planned": len(planned), "planned_and_visited": sorted(planned & visited),
            "planned_not_visited": sorted(planned - visited), "visited_not_planned": sorted(visited - planned),
            "neither": sorted(set(self.units) - planned - visited),
            "named_by_records_but_not_visited": sorted(named - visited)}

    def account(self, records):
        verdicts = Counter(record.verdict for record in records)
        findings = Counter()
        for record in records:
            for finding in record.findings:
                findings["rejected_alone" if record.verdict == "accepted" and finding.fault else record.verdict] += 1
        return {
            "read": len(records),
            **{verdict: verdicts[verdict] for verdict in ("accepted", "rejected", "duplicate", "superseded")},
            "findings": {
                "read": sum(findings.values()), "tallied": findings["accepted"],
                "in_rejected_records": findings["rejected"], "rejected_alone": findings["rejected_alone"],
                "in_duplicate_records": findings["duplicate"], "in_superseded_records": findings["superseded"]}}

    def place(self, record):
        return {"source": record.source, "file": record.file, "line": record.line, "record": record.number,
                "key": record.key}

    def json(self):
        sources = sorted({record.source for record in self.records})
        rejected = [
            {**self.place(record), "field": record.fault_field, "kind": record.fault, "rule": RULES[record.fault],
             **({"note": record.note} if record.note else {})}
            for record in self.records if record.verdict == "rejected"]
        alone = [
            {**self.place(record), "finding": index, "field": "category", "kind": finding.fault,
             "rule": RULES[finding.fault]}
            for record in self.accepted() for index, finding in enumerate(record.findings, 1) if finding.fault]
        others = [
            {**self.place(record), "verdict": record.verdict, "note": record.note}
            for record in self.records if record.verdict in ("duplicate", "superseded")]
        accepted = [
            {**self.place(record), "unit": record.unit, "team": record.team, "date": record.date,
             "method": record.method, "mode": record.mode, "values": record.values,
             "findings": [[finding.kind, finding.category, finding.severity] for finding in record.findings
                          if not finding.fault]}
            for record in self.accepted()]
        methods = sorted({record.method for record in self.accepted() if record.method})
        modes = sorted({record.mode for record in self.accepted() if record.mode})
        files = {
            name: {**{key: value for key, value in facts.items() if key != "records"},
                   **self.account(facts["records"])}
            for name, facts in sorted(self.files.items())}
        return dump({
            "comment": self.comment, "campaign": self.campaign, "visit_sources": sorted(self.visit_sources),
            "exit_status": 1, "total": {**self.account(self.records), "tally": self.tally(self.accepted())},
            "sources": {name: self.account([r for r in self.records if r.source == name]) for name in sources},
            "files": files, "files_failed": self.failed, "files_with_warnings": self.warnings,
            "units": self.unit_table(), "regions": self.region_table(),
            "teams": self.group_table("team", self.teams), "methods": self.group_table("method", methods),
            "modes": self.group_table("mode", modes), "categories": self.categories(self.accepted()),
            "coverage": self.coverage(), "rejected": rejected, "findings_rejected_alone": alone,
            "duplicate_or_superseded": others, "accepted": accepted})

    def summary(self):
        account = self.account(self.records)
        faults = {record.fault for record in self.records if record.fault}
        return (f"{account['read']} records: {account['accepted']} accepted, {account['rejected']} rejected "
                f"({len(faults)} kinds of fault), {account['duplicate']} duplicate, "
                f"{account['superseded']} superseded; {account['findings']['tallied']} findings")


def dump(value):
    """JSON with one line for each entry of the second level, so that a difference is a line."""
    def flat(part):
        return json.dumps(part, ensure_ascii=False)

    lines = []
    for key, part in value.items():
        if isinstance(part, dict) and key not in ("total", "categories", "coverage"):
            body = ",\n".join(f"    {flat(name)}: {flat(entry)}" for name, entry in part.items())
            lines.append(f"  {flat(key)}: {{\n{body}\n  }}")
        elif isinstance(part, list) and part and isinstance(part[0], dict | str) and key != "visit_sources":
            body = ",\n".join(f"    {flat(entry)}" for entry in part)
            lines.append(f"  {flat(key)}: [\n{body}\n  ]")
        else:
            lines.append(f"  {flat(key)}: {flat(part)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
