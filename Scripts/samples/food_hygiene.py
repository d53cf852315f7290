"""A small campaign in English: food hygiene inspections of a district council, one ledger and one export of an app."""
import copy
import random

from books import Books, Finding, Record
from writing import Ledger, Markup, escaped, table

REGIONS = {
    "WX": {"name": "Wexcombe District", "parent": ""},
    "WX-N": {"name": "North Ward", "parent": "WX"}, "WX-S": {"name": "South Ward", "parent": "WX"},
    "WX-Q": {"name": "Quayside Ward", "parent": "WX"},
}
TEAMS = {"A": "Team A", "B": "Team B", "C": "Team C"}
TEAM_OF = {"WX-N": "A", "WX-S": "B", "WX-Q": "C"}
_PREMISES = [
    ("The Copper Kettle", "cafe", ["Copper Kettle Tea Rooms"]), ("Café Miramar", "cafe", []),
    ("Old Mill Bakery", "bakery", []), ("St Aldhelm's Primary School Kitchen", "school", ["St Aldhelm's School"]),
    ("Harbour Fish & Chips", "takeaway", ["Harbour Chippy"]), ("Golden Lantern", "restaurant", []),
    ("Wexcombe Community Hospital", "hospital", ["Community Hospital Kitchen"]), ("Bramble Lane Nursery", "nursery", []),
    ("The Plough Inn", "pub", []), ("Quayside Smokehouse", "manufacturer", []), ("Patel's Corner Shop", "retail", []),
    ("Rosemary House Care Home", "care home", ["Rosemary House"]), ("Pizzeria Vesuvio", "restaurant", []),
    ("Green Fork Deli", "retail", []), ("Station Buffet", "cafe", []), ("Taste of Anatolia", "takeaway", []),
    ("The Anchor", "pub", ["The Anchor (formerly The Ship)"]), ("Little Acorns Preschool", "nursery", []),
    ("Downs Dairy Ice Cream", "manufacturer", []), ("Wexcombe Leisure Centre Café", "cafe", ["Leisure Centre Cafe"]),
    ("Moonlight Kebab Van", "mobile", []), ("Hillside Farm Shop", "retail", []), ("The Crown Hotel", "hotel", []),
    ("Sushi Kiosk", "takeaway", []), ("Riverside Academy Canteen", "school", []),
]
CATEGORIES = {
    "handling": "Food handling", "structure": "Structure and cleanliness", "management": "Confidence in management",
    "allergens": "Allergen information", "pests": "Pest control", "temperature": "Temperature control",
}
METHODS = {"routine": "Routine inspection", "complaint": "Complaint visit", "revisit": "Revisit", "sampling": "Sampling"}
TEXTS = {
    "problem": {
        "handling": ["raw chicken stored above salad", "same cloth used on all surfaces", "no soap at the wash hand basin"],
        "structure": ["damaged floor tiles by the fryer", "grease built up on the extraction hood", "cracked worktop"],
        "management": ["cleaning schedule not signed for two weeks", "no written food safety system", "new staff not trained"],
        "allergens": ["allergen sheet out of date", "sesame not declared on the menu"],
        "pests": ["mouse droppings behind the freezer", "gap under the rear door"],
        "temperature": ["display fridge at 11 degrees", "probe thermometer broken", "rice left to cool overnight"]},
    "highlight": {
        "handling": ["colour coded boards in use and understood"], "structure": ["kitchen refitted to a high standard"],
        "management": ["food safety diary complete and up to date"], "allergens": ["allergen matrix clear and on display"],
        "pests": ["pest contractor reports kept and acted upon"], "temperature": ["digital temperature log without gaps"]},
    "suggestion": {
        "handling": ["move the wash hand basin nearer the counter"], "management": ["enter the Safer Food course in June"],
        "temperature": ["buy a second probe thermometer"]},
}
COMMENT = (
    "Known by construction: see Scripts/make-samples. Both sources have visit: true. visits = accepted records; visit_days = "
    "different (unit, team, day). line = first physical line of the record (for XML of its element), record = its number in "
    "the file, counting from 1 all records read. field is null where the fault is the row's. file is relative to the inbox.")
COLUMNS = ["ref", "premises", "officer_team", "inspected", "type", "rating", "fridge_temp", "fine", "allergen_sheet",
           "contraventions", "contravention_category", "severity", "good_practice", "good_category"]
HEADERS = {
    "ref": "Inspection ref", "premises": "Premises", "officer_team": "Team", "inspected": "Date of inspection", "type": "Type",
    "rating": "Rating (0-5)", "fridge_temp": "Fridge temp. (°C)", "fine": "Fine (£)", "allergen_sheet": "Allergen sheet",
    "contraventions": "Contraventions", "contravention_category": "Area", "severity": "Severity",
    "good_practice": "Good practice", "good_category": "Area of good practice",
}


class Campaign:
    def __init__(self):
        self.random = random.Random(20230501)
        wards = ["WX-N", "WX-S", "WX-Q"]
        self.units = {
            f"P{number:03d}": {"name": name, "aliases": aliases, "region": wards[number % 3], "type": kind,
                               "planned": number not in (21, 24), "team": TEAM_OF[wards[number % 3]]}
            for number, (name, kind, aliases) in enumerate(_PREMISES, 1)}
        self.books = Books("wexcombe-food-2023", self.units, REGIONS, list(TEAMS), {"ledger", "app"}, COMMENT)

    def pick(self, choices):
        return self.random.choice(list(choices))

    def findings(self, kind, count):
        """`count` different findings of one category."""
        if not count:
            return []
        category = self.pick([name for name, texts in TEXTS[kind].items() if len(texts) >= count])
        severity = self.random.randint(1, 4) if kind == "problem" else None
        return [Finding(kind, category, severity, text) for text in self.random.sample(TEXTS[kind][category], count)]

    def record(self, source, key, unit, counts):
        record = Record(source, key, unit, self.units[unit]["team"], f"2023-05-{self.random.randint(2, 31):02d}",
                        self.pick(METHODS), "", {"rating": self.random.randint(0, 5),
                                                 "fridge_temp": self.random.randint(10, 110) / 10,
                                                 "allergen_sheet": self.random.randrange(3) > 0})
        if source == "ledger":
            record.values["fine"] = self.pick((0, 0, 250, 1250.5, 12000))
        for kind, count in zip(("problem", "highlight", "suggestion"), counts):
            record.findings += self.findings(kind, count)
        return record


def ledger_cells(campaign, record, **as_written):
    by_kind = {kind: [finding for finding in record.findings if finding.kind == kind] for kind in ("problem", "highlight")}
    year, month, day = record.date.split("-")
    unit, values = campaign.units[record.unit], record.values
    name = campaign.pick([record.unit, unit["name"], unit["name"], unit["name"].replace(" ", "  ", 1), *unit["aliases"]])
    problems, good = by_kind["problem"], by_kind["highlight"]
    cells = {
        "ref": record.key, "premises": name, "officer_team": campaign.pick([record.team, TEAMS[record.team]]),
        "inspected": f"{day}/{month}/{year}", "type": campaign.pick([record.method, METHODS[record.method]]),
        "rating": str(values["rating"]), "fridge_temp": f"{values['fridge_temp']:.1f}".replace(".", ","),
        "fine": f"{values['fine']:,.2f}".translate(str.maketrans(",.", ".,")) if values["fine"] else campaign.pick(("", "n/a")),
        "allergen_sheet": "Yes" if values["allergen_sheet"] else "No",
        "contraventions": " | ".join(finding.text for finding in problems) or "none",
        "contravention_category": campaign.pick([problems[0].category, CATEGORIES[problems[0].category]]) if problems else "",
        "severity": str(problems[0].severity) if problems else "",
        "good_practice": " | ".join(finding.text for finding in good) or "none",
        "good_category": good[0].category if good else ""}
    return cells | as_written


def write_ledger(campaign):
    ledger = Ledger(campaign.books, campaign.inbox, "inspections-may.csv", "ledger", encoding="windows-1252", delimiter=";",
                    note="semicolons, Windows-1252, decimal commas, days as %d/%m/%Y, a total below")
    ledger.other([HEADERS[name] for name in COLUMNS], "header")
    counts = ((1, 0), (0, 1), (2, 0), (0, 0), (3, 0), (1, 1))
    rows = []
    for number, unit in enumerate([f"P{n:03d}" for n in (*range(1, 21), 21, 3, 9, 14)], 1):
        record = campaign.record("ledger", f"FH-{number:04d}", unit, counts[number % 6])
        rows.append((record, ledger_cells(campaign, record)))
        if record.values["fine"] == 0:
            record.values["fine"] = None
    faults = [
        ("not-a-date", "inspected", {"inspected": "2023-05-09"}, "P002"), ("no-such-day", "inspected", {"inspected": "31/06/2023"}, "P004"),
        ("outside-window", "inspected", {"inspected": "12/04/2023"}, "P005"), ("maximum", "rating", {"rating": "6"}, "P006"),
        ("unit-unknown", "premises", {"premises": "Burger Barn"}, "P007"), ("code-unknown", "type", {"type": "drive-by"}, "P008"),
        ("not-a-number", "fridge_temp", {"fridge_temp": "cold"}, "P010"), ("pattern", "ref", {"ref": "9/07"}, "P011"),
    ]
    for place, (fault, name, written, unit) in enumerate(faults, 1):
        record = campaign.record("ledger", written.get("ref", f"FH-09{place:02d}"), unit, (1, 0)).reject(fault, name)
        rows.insert(place * 3, (record, ledger_cells(campaign, record, **written)))
    for record, cells in rows:
        ledger.record(record, [cells[name] for name in COLUMNS])
    record, cells = rows[0]
    again = copy.deepcopy(record)
    again.verdict, again.note = "duplicate", "the first inspection once more"
    ledger.record(again, [cells[name] for name in COLUMNS])
    short = campaign.record("ledger", "FH-0950", "P012", (0, 0)).reject("missing-cell")
    ledger.record(short, [ledger_cells(campaign, short)[name] for name in COLUMNS[:9]])
    last = campaign.record("ledger", "FH-0051", "P012", (0, 0))
    ledger.record(last, [ledger_cells(campaign, last)[name] for name in COLUMNS])
    last.values["fine"] = last.values["fine"] or None
    ledger.other(["Total", "", "", "", "", *[""] * (len(COLUMNS) - 5)], "totals")
    ledger.save()


def inspection(record, revised, **written):
    values = record.values
    cells = {"premises": record.unit, "team": record.team, "date": record.date, "type": record.method,
             "rating": values["rating"], "temp": values["fridge_temp"],
             "sheet": str(values["allergen_sheet"]).lower()} | written
    findings = "".join(
        f'\n    <finding kind="{finding.kind}" category="{finding.category}"'
        + (f' severity="{finding.severity}"' if finding.severity else "") + f">{escaped(finding.text)}</finding>"
        for finding in record.findings)
    return (f'  <inspection ref="{record.key}" revised="{revised}">\n    <premises>{cells["premises"]}</premises>'
            f'<team>{cells["team"]}</team>\n    <date>{cells["date"]}</date><type>{cells["type"]}</type>\n'
            f'    <scores rating="{cells["rating"]}" fridge="{cells["temp"]}"/><allergenSheet>{cells["sheet"]}</allergenSheet>'
            f"{findings}\n  </inspection>")


def write_export(campaign):
    export = Markup(campaign.books, campaign.inbox, "app/export-2023-05.xml", "app", note="findings as attributes and text")
    export.add('<?xml version="1.0" encoding="UTF-8"?>\n<fh:export xmlns:fh="https://inspect.example.org/food" '
               'xmlns="https://inspect.example.org/food">')
    counts = ((1, 1, 0), (0, 1, 0), (2, 0, 1), (0, 0, 0), (1, 0, 1))
    for number, unit in enumerate(["P001", "P005", "P008", "P012", "P016", "P019", "P022", "P023", "P024", "P007"], 1):
        record = campaign.record("app", f"APP-{number:03d}", unit, counts[number % 5])
        if number == 4:
            record.verdict, record.note = "superseded", "revised the next day"
        export.record(record, inspection(record, f"2023-05-31T10:{number:02d}:00Z"))
    revised = campaign.record("app", "APP-004", "P012", (1, 0, 0))
    export.record(revised, inspection(revised, "2023-06-01T08:00:00Z"))
    for place, (fault, name, written, unit) in enumerate([
        ("unit-unknown", "premises", {"premises": "P099"}, "P001"), ("bad-boolean", "allergen_sheet", {"sheet": "maybe"}, "P002"),
        ("minimum", "rating", {"rating": "-1"}, "P003"),
    ], 91):
        record = campaign.record("app", f"APP-{place:03d}", unit, (1, 0, 0)).reject(fault, name)
        export.record(record, inspection(record, "2023-05-31T12:00:00Z", **written))
    export.add("</fh:export>")
    export.save()


def write(pipeline, inbox):
    campaign = Campaign()
    campaign.inbox = inbox
    table(pipeline / "reference" / "premises.csv", [
        ["code", "name", "aliases", "ward", "type", "planned", "team"],
        *([code, unit["name"], "|".join(unit["aliases"]), unit["region"], unit["type"], "yes" if unit["planned"] else "no",
           unit["team"]] for code, unit in campaign.units.items())])
    table(pipeline / "reference" / "teams.csv", [["code", "name"], *([code, name] for code, name in TEAMS.items())])
    table(pipeline / "reference" / "wards.csv", [
        ["code", "name", "parent"], *([code, region["name"], region["parent"]] for code, region in REGIONS.items())])
    for name, entries in (("type", METHODS), ("area", CATEGORIES)):
        table(pipeline / "codelists" / f"{name}.csv", [["code", "en"], *([code, label] for code, label in entries.items())])
    write_ledger(campaign)
    write_export(campaign)
    return campaign.books
