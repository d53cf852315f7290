"""The talent campaign: ten teams, half a month; what each part shows stands in the README beside the data."""
import random

from books import KINDS, Books, Finding, Record
from talent_forms import write_questionnaires, write_site_forms
from talent_ledgers import write_interviews, write_visits
from talent_roster import NOT_VISITED, REGIONS, TEAMS, units
from talent_texts import BY_KIND, CATEGORIES, MENGHAI
from writing import save, table

METHODS = {
    "report": ("听取汇报", "Hearing reports", ["汇报", "听汇报"]), "ledger": ("查阅台账", "Consulting ledgers", ["查台账", "查阅资料"]),
    "interview": ("个别访谈", "Individual interviews", ["访谈", "谈话"]), "site": ("实地走访", "Site visits", ["走访", "实地查看"]),
}
MODES = {
    "written": ("书面", "Written", ["书面督办"]), "periodic": ("定期", "Periodic", ["定期督办"]),
    "special": ("专项", "Special", ["专项督办"]), "random": ("随机", "Random", ["随机抽查"]),
}
SEVERITIES = {
    "1": ("轻微", "Slight", []), "2": ("一般", "Ordinary", ["普通"]), "3": ("较重", "Considerable", ["比较重"]),
    "4": ("严重", "Serious", []), "5": ("特别严重", "Grave", ["重大"]),
}
COMMENT = (
    "Known by construction: see Scripts/make-samples. Sources with visit: true are `visits` (ledgers of visits) and "
    "`site-forms` (forms filled in on site); interviews (some by telephone) and questionnaires (filled in at home) name a "
    "unit without saying that somebody went there. visits = accepted records of those two sources; visit_days = "
    "different (unit, team, day) among them; records = accepted records of all sources. line = first physical line of the "
    "record (for XML of its element), record = its number in the file, counting from 1 all records read. field is null "
    "where the fault is the row's. kind names the fault in the sample, rule the id of the program's rule. file is "
    "relative to the inbox. A file of files_failed has no records that count. category - stands for findings without one. "
    "A field of `values` that is null was blank or not handed in. findings of an accepted record: kind, category, severity. "
    "excluded is 0 everywhere.")


class Campaign:
    """What all the writers draw from: one seeded stream, the roster, the books."""

    def __init__(self, inbox):
        self.random = random.Random(20221101)
        self.inbox, self.units = inbox, units()
        self.books = Books("xsbn-2022-11", self.units, REGIONS, list(TEAMS), {"visits", "site-forms"}, COMMENT)
        self.known = {kind: list(texts) for kind, texts in MENGHAI.items()}

    def pick(self, choices):
        return self.random.choice(list(choices))

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def day(self):
        return f"2022-11-{self.random.randint(1, 15):02d}"

    def phone(self):
        """Eleven digits that no telephone has: no mobile number begins with 100."""
        return f"100{self.random.randrange(10**8):08d}"

    def text(self, kind, category):
        figures = {"a": self.random.randint(2, 9), "b": self.random.randint(11, 48), "c": self.random.randint(60, 390)}
        return self.pick(BY_KIND[kind][category]).format(**figures)

    def sample(self, kind, count, category=None):
        """`count` findings with different texts, of one category when it is given."""
        found = {}
        while len(found) < count:
            chosen = category or self.pick(CATEGORIES)
            text = self.text(kind, chosen)
            found.setdefault(text, Finding(kind, chosen, self.random.randint(1, 5) if kind == "problem" else None, text))
        return list(found.values())

    def findings(self, unit, kind, count, category=None, percent=100):
        """Findings of a record that is to count. Those of Menghai are the known ones, and no more when they are used up;
        `percent` says how readily a record there takes one, so that several sources hold them."""
        if self.units[unit]["region"] != "532822":
            return self.sample(kind, count, category)
        stock = self.known[kind]
        if not stock or not self.chance(percent):
            return []
        category = stock[0][0]
        taken = [text for chosen, text in stock if chosen == category][:max(count, 1)]
        self.known[kind] = [(chosen, text) for chosen, text in stock if text not in taken]
        return [Finding(kind, category, self.random.randint(1, 5) if kind == "problem" else None, text) for text in taken]

    def visited(self, team=None):
        return [code for code, unit in self.units.items()
                if code not in NOT_VISITED and (team is None or unit["team"] == team)]

    def of_team(self, team):
        return [code for code, unit in self.units.items() if unit["team"] == team]

    def names(self, unit):
        return [self.units[unit]["name"], *self.units[unit]["aliases"]]


def write_reference(pipeline, roster):
    reference, lists = pipeline / "reference", pipeline / "codelists"
    # A blank under `planned` is yes.
    planned = {True: ("是", "", "是"), False: ("否", "否", "0")}
    table(reference / "units.csv", [
        ["code", "name", "name_en", "aliases", "region", "type", "planned", "team"],
        *([code, unit["name"], unit["name_en"], "|".join(unit["aliases"]),
           unit["region"] if index % 4 else REGIONS[unit["region"]]["name"], unit["type"],
           planned[unit["planned"]][index % 3], unit["team"]]
          for index, (code, unit) in enumerate(roster.items()))])
    table(reference / "teams.csv", [
        ["code", "name", "name_en", "aliases"],
        *([code, team["name"], team["name_en"], "|".join(team["aliases"])] for code, team in TEAMS.items())])
    table(reference / "regions.csv", [
        ["代码", "名称", "英文名称", "简称", "上级"],
        *([code, region["name"], region["name_en"], region["aliases"], region["parent"]]
          for code, region in REGIONS.items())])
    for name, entries in (("method", METHODS), ("mode", MODES), ("category", CATEGORIES), ("severity", SEVERITIES)):
        table(lists / f"{name}.csv", [
            ["code", "zh", "en", "aliases"],
            *([code, zh, en, "|".join(aliases)] for code, (zh, en, aliases) in entries.items())])


def write(pipeline, inbox):
    campaign = Campaign(inbox)
    write_reference(pipeline, campaign.units)
    write_visits(campaign)
    write_interviews(campaign)
    write_site_forms(campaign)
    write_questionnaires(campaign)
    save(inbox / "会议通知.txt", "关于召开督查组碰头会的通知\r\n\r\n各督查组：\r\n定于11月16日上午9时在州委三楼会议室碰头，请带齐台账。\r\n".encode("gb18030"))
    campaign.books.warn("会议通知.txt", "unclaimed", "a notice among the data: no source claims it")
    prove(campaign)
    return campaign.books


def prove(campaign):
    """The county that the campaign was known for before a file was written."""
    assert not any(campaign.known.values()), campaign.known
    county = campaign.books.region_table()["532822"]["total"]
    result = county["units_inspected"], county["highlights"], county["problems"]
    assert result == (18, 7, 6), result
    assert all(kind in KINDS for record in campaign.books.records for kind in [f.kind for f in record.findings])
    keys = [(record.source, record.key) for record in campaign.books.accepted()]
    assert len(keys) == len(set(keys)), "two accepted records have one key"
