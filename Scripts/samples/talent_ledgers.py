"""The CSV ledgers of the talent campaign: visits and interviews, each team with the habits of its office machine."""
import copy
import datetime

from books import Record
from talent_roster import ORDINALS, REGIONS, TEAMS
from talent_texts import CATEGORIES, LEADERS, REMARKS, ROLES
from writing import Ledger, save

VISIT_HEADERS = {
    "record_id": ["登记号", "编号", "走访编号"], "team": ["督查组", "组别"], "region": ["县市", "县（市、区）"],
    "unit": ["单位", "走访单位", "受访单位名称"], "date": ["走访日期", "日期"], "method": ["方式", "走访方式"],
    "mode": ["督办方式", "形式"], "leader": ["带队领导", "带队人"], "phone": ["联系电话", "电话"],
    "people": ["参加人数", "人数"], "ledger_seen": ["是否查阅台账", "查阅台账"], "score": ["评分", "得分"],
    "conclusion": ["评价"], "updated_at": ["更新时间", "填报时间"], "remark": ["备注"],
}
INTERVIEW_HEADERS = {
    "record_id": ["编号", "台账编号"], "team": ["督查组", "组别"], "region": ["县市"], "unit": ["单位", "受访单位"],
    "date": ["访谈日期", "日期"], "interviewee": ["访谈对象", "受访人身份"], "phone": ["联系电话", "电话"],
    "years": ["工作年限", "年限"], "knows_policy": ["是否知晓政策", "知晓政策"], "satisfaction": ["满意度"],
    "highlights": ["特色亮点", "亮点"], "highlight_category": ["亮点类别"], "problems": ["存在问题", "问题"],
    "problem_category": ["问题类别"], "severity": ["严重程度"], "suggestions": ["意见建议", "建议"],
    "updated_on": ["更新日期"], "remark": ["备注"],
}
#: encoding, BOM, delimiter, line end of the teams' machines
MACHINES = {
    1: ("gb18030", False, ",", "\r\n"), 2: ("utf-8", True, ",", "\r\n"), 3: ("utf-16-le", True, "\t", "\r\n"),
    4: ("utf-8", False, ";", "\n"), 5: ("gb18030", False, ",", "\r\n"), 6: ("utf-8", False, ",", "\r"),
    7: ("gb18030", False, ",", "\r\n"), 8: ("utf-8", True, ",", "\r\n"), 9: ("utf-8", False, "\t", "\n"),
    10: ("gb18030", False, ",", "\r\n"),
}
FULL_WIDTH = str.maketrans("0123456789.,-/()", "０１２３４５６７８９．，－／（）")
DIGITS = "〇一二三四五六七八九"
DATE_STYLES = ("iso", "slash", "dot", "plain", "chinese", "year-less", "serial", "numerals", "wide")
BLANKS = ("", "无", "暂无", "/", "-", "N/A", "—")


def chinese_number(number):
    """1...99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")


def written_day(day, style):
    date = datetime.date.fromisoformat(day)
    year, month, number = date.year, date.month, date.day
    return {
        "iso": day, "slash": f"{year}/{month}/{number}", "dot": f"{year}.{month}.{number}",
        "plain": f"{year}{month:02d}{number:02d}", "chinese": f"{year}年{month}月{number}日",
        "year-less": f"{month}月{number}日", "serial": str((date - datetime.date(1899, 12, 30)).days),
        "wide": f"{year}/{month}/{number}".translate(FULL_WIDTH),
        "numerals": "".join(DIGITS[int(digit)] for digit in str(year))
        + f"年{chinese_number(month)}月{chinese_number(number)}日"}[style]


def written_unit(campaign, unit):
    """The unit as somebody writes it: code, full, short or old name, stray spaces, brackets of either width."""
    text = campaign.pick([unit, *campaign.names(unit) * 2])
    style = campaign.random.randrange(8)
    if style == 0:
        return f" {text}　"
    if style == 1 and "局" in text[2:]:
        return text.replace("局", " 局")
    return text.replace("（", "(").replace("）", ")") if style < 5 else text


def written_number(campaign, number):
    return campaign.pick([str(number)] * 4 + [str(number).translate(FULL_WIDTH), chinese_number(number), f"{number}人"])


def written_truth(campaign, truth):
    return campaign.pick(("是", "有", "√", "Y", "1", "yes", "是") if truth else ("否", "无", "×", "N", "0", "no", "否"))


def written_code(campaign, code, entry):
    return campaign.pick([code, entry[0], entry[0], *entry[2]])


def numbered(campaign, findings, lines=True):
    """Several findings in one cell, in one of the ways in which ledgers number them."""
    texts = [finding.text for finding in findings]
    if not texts:
        return campaign.pick(BLANKS)
    if len(texts) == 1:
        return campaign.pick(("{}", "{}。", "1.{}", "1、{}")).format(texts[0])
    marks = {
        "dots": [f"{i}." for i in range(1, 10)], "commas": [f"{i}、" for i in range(1, 10)],
        "chinese": [f"{mark}、" for mark in ORDINALS], "brackets": [f"（{mark}）" for mark in ORDINALS],
        "digits": [f"（{i}）" for i in range(1, 10)], "half": [f"({i})" for i in range(1, 10)], "circles": "①②③④⑤⑥⑦⑧⑨",
        "lines": [""] * 9}
    style = campaign.pick([name for name in marks if lines or name != "lines"])
    joint = "\n" if style == "lines" or lines and campaign.chance(40) else campaign.pick(
        ("；", "。") if style in ("chinese", "circles") else ("；", "。", " "))
    return joint.join(mark + text for mark, text in zip(marks[style], texts))


def open_ledger(campaign, name, source, team, note="", **changes):
    encoding, bom, delimiter, line_end = MACHINES[team]
    facts = {"encoding": encoding, "bom": bom, "delimiter": delimiter, "line_end": line_end} | changes
    return Ledger(campaign.books, campaign.inbox, name, source, note=note, **facts)


# Visits


def new_visit(campaign, team, number, unit, **changes):
    from talent_inspection import METHODS, MODES
    record = Record(
        "visits", f"ZF-{team:02d}-{number:03d}", unit, f"T{team:02d}", campaign.day(), campaign.pick(METHODS),
        campaign.pick(MODES), {
            "people": campaign.random.randint(2, 40), "ledger_seen": campaign.chance(70),
            "score": campaign.random.randint(120, 199) / 2, "conclusion": campaign.pick(("好", "较好", "一般")),
            "updated_at": f"2022-11-16 {campaign.random.randint(8, 17):02d}:{campaign.random.randint(0, 59):02d}"})
    for name, value in changes.items():
        setattr(record, name, value)
    return record


def visit_cells(campaign, record, **as_written):
    """The record as its team writes it; `as_written` says what stands in a cell in place of that."""
    from talent_inspection import METHODS, MODES
    region = campaign.units[record.unit]["region"]
    score = record.values["score"]
    cells = {
        "record_id": record.key, "team": campaign.pick([TEAMS[record.team]["name"], *TEAMS[record.team]["aliases"]]),
        "region": campaign.pick([region, REGIONS[region]["name"], *REGIONS[region]["aliases"].split("|")]),
        "unit": written_unit(campaign, record.unit), "date": written_day(record.date, campaign.pick(DATE_STYLES)),
        "method": written_code(campaign, record.method, METHODS[record.method]),
        "mode": written_code(campaign, record.mode, MODES[record.mode]), "leader": campaign.pick(LEADERS),
        "phone": campaign.pick([campaign.phone()] * 3 + [campaign.phone().translate(FULL_WIDTH), "", "无"]),
        "people": written_number(campaign, record.values["people"]),
        "ledger_seen": written_truth(campaign, record.values["ledger_seen"]),
        "score": campaign.pick([f"{score:g}", f"{score:g}", f"{score:g}".translate(FULL_WIDTH), f"{score:g}分"]),
        "conclusion": record.values["conclusion"], "updated_at": record.values["updated_at"],
        "remark": campaign.pick(("", "", "现场抽查了人才台账", "与班子成员座谈，了解引才情况", "资料较齐全；个别表格缺签字"))}
    return cells | as_written


def team_visits(campaign, team):
    """The visits of a team that are to count: the unit's first unless a site form holds it, now and then a second."""
    units = campaign.visited(f"T{team:02d}")
    first = [unit for unit in units if int(unit[3:]) % 3]
    again = [unit for unit in units if campaign.chance(22)]
    return [new_visit(campaign, team, number, unit) for number, unit in enumerate(first + again, 1)]


def spoiled_visits(campaign, team):
    """Visits with one fault each: the record and what is written. Numbers from 101 on."""
    faults = {
        1: [("not-an-integer", "people", {"people": "若干"}), ("undecodable", None, {"leader": "组长\ue000"})],
        2: [("no-such-day", "date", {"date": "2022-02-30"}), ("nul-byte", None, {"remark": "资料\0齐全"}),
            ("phone-pattern", "phone", {"phone": "100-1234"})],
        3: [("ambiguous-date", "date", {"date": "3/11/2022"}), ("code-unknown", "method", {"method": "电话询问"}),
            ("maximum", "score", {"score": "105"})],
        4: [("bad-boolean", "ledger_seen", {"ledger_seen": "大概"}), ("code-unknown", "mode", {"mode": "突击"})],
        5: [("unit-unknown", "unit", {"unit": "县人社局"}), ("minimum", "people", {"people": "0"}),
            ("region-unknown", "region", {"region": "易武市"})],
        6: [("required", "leader", {"leader": ""}), ("team-unknown", "team", {"team": "第十一督查组"})],
        7: [("region-mismatch", "region", {"region": "勐腊县"}), ("outside-window", "date", {"date": "2022年12月5日"})],
        8: [("missing-id", "record_id", {"record_id": ""}), ("pattern", "record_id", {"record_id": "走访8-3"}),
            ("enum", "conclusion", {"conclusion": "优秀"})],
        9: [("not-a-datetime", "updated_at", {"updated_at": "11月16日下午"}), ("required", "unit", {"unit": "　"})],
        10: [("outside-window", "date", {"date": "45000"}), ("not-a-number", "score", {"score": "九十多"}),
             ("not-a-date", "date", {"date": "上周三"})],
    }
    for number, (fault, name, written) in enumerate(faults[team], 101):
        unit = campaign.pick(campaign.visited(f"T{team:02d}"))
        record = new_visit(campaign, team, number, unit).reject(fault, name)
        if "record_id" in written:
            record.key = written["record_id"]
        yield record, written


def write_visits(campaign):
    corrections = []
    for team in range(1, 11):
        visits = team_visits(campaign, team)
        suffix = "txt" if team == 3 else "csv"
        ledger = open_ledger(campaign, f"走访登记/走访登记表-第{team}组.{suffix}", "visits", team)
        if team in (2, 4, 5, 7):
            corrections += corrected(campaign, team, visits)
        columns = list(VISIT_HEADERS)
        if team == 5:  # another order, another machine's words
            columns = ["date", "unit", "region", "record_id", "method", "mode", "team", "people", "leader", "phone",
                       "ledger_seen", "conclusion", "score", "remark", "updated_at"]
        if team == 6:  # a column that is not required is not there
            columns.remove("score")
        write_visit_file(campaign, ledger, team, columns, visits)
        ledger.save(final_line_end=team != 5)
    write_corrections(campaign, corrections)


def write_visit_file(campaign, ledger, team, columns, visits):
    blank = [""] * (len(columns) - 1)
    if team in (1, 7):
        ledger.other(["西双版纳州人才工作专项督查走访登记表", *blank], "title")
    if team == 7:
        ledger.other([f"填报单位：第{ORDINALS[team - 1]}督查组    填报日期：2022年11月16日", *blank], "title")
    other_words = team in (5, 8)
    ledger.other([VISIT_HEADERS[name][-1 if other_words else 0] for name in columns], "header")
    rows = [(record, visit_cells(campaign, record)) for record in visits]
    if team == 6:
        for record, cells in rows:
            record.values["score"] = None
    spoiled = [(record, visit_cells(campaign, record, **written)) for record, written in spoiled_visits(campaign, team)]
    for offset, row in enumerate(spoiled):  # not all at the end
        rows.insert(2 + 3 * offset if len(rows) > 2 + 3 * offset else len(rows), row)
    if team == 7:  # the team's name stands in a merged cell
        for place, (record, cells) in enumerate(rows):
            cells["team"] = "第七督查组" if place == 0 else ""
    if team == 10:
        ledger.cell = lambda text: '"' + text.replace('"', '""') + '"'
    for record, cells in rows:
        texts = [cells[name] for name in columns]
        if record.fault == "undecodable":
            data = ledger.text(texts).replace("\ue000", "@@").encode("gb18030").replace(b"@@", b"\xff")
            campaign.books.enter(ledger.name, record, ledger.raw(data))
        else:
            ledger.record(record, texts)
    broken_rows(campaign, ledger, team, columns)
    if team == 2:  # the last row pasted twice
        record, cells = rows[-1]
        again = copy.deepcopy(record)
        again.verdict, again.note = "duplicate", "the row above once more"
        ledger.record(again, [cells[name] for name in columns])
    if team in (1, 7):
        total = ["合计", *blank]
        total[columns.index("people")] = str(sum(record.values["people"] for record in visits))
        ledger.other(total, "totals")
    if team == 7:
        ledger.other([""] * len(columns), "blank")
        ledger.other(["注：评分为百分制；方式按附件代码填写。", *blank], "note")
        ledger.other(["填表人：联络员", *blank], "note")


def broken_rows(campaign, ledger, team, columns):
    """Rows that are no rows: cells missing or left over, quotes that do not close or close too early."""
    def bad(number, fault, **written):
        unit = campaign.pick(campaign.visited(f"T{team:02d}"))
        record = new_visit(campaign, team, number, unit).reject(fault)
        return record, [visit_cells(campaign, record, remark="", **written)[name] for name in columns]

    def good(number):
        unit = campaign.pick(campaign.visited(f"T{team:02d}"))
        record = new_visit(campaign, team, number, unit)
        ledger.record(record, [visit_cells(campaign, record, remark="")[name] for name in columns])

    if team == 4:
        record, cells = bad(201, "missing-cell")
        ledger.record(record, cells[:-4])
        record, cells = bad(202, "extra-cell")
        ledger.record(record, [*cells, "多余"])
        good(203)
    if team == 8:
        record, cells = bad(201, "text-after-quote", leader="组长")
        campaign.books.enter(ledger.name, record, ledger.raw(ledger.text(cells).replace("组长", '"组长"兼联络员')))
        good(202)
    if team == 9:  # no quote stands below: what follows can be read again from the next line on
        record, cells = bad(201, "unclosed-quote", leader="组长")
        campaign.books.enter(ledger.name, record, ledger.raw(ledger.text(cells).replace("组长", '"组长')))
        good(202)
        good(203)


def corrected(campaign, team, visits):
    """Corrections of visits of one team: (record, what is written). The originals among `visits` get their verdict."""
    def version(original, time, note, **changes):
        record = copy.deepcopy(original)
        record.values |= {"updated_at": time}
        record.note = note
        for name, value in changes.items():
            setattr(record, name, value)
        return record

    if team == 2:
        first, second = visits[0], visits[3]
        first.verdict, first.note = "superseded", "handed in again with another score"
        newer = version(first, "2022-11-17 09:05", "", verdict="accepted")
        newer.values["score"] = 77.5
        older = version(second, "2022-11-14 18:20", "an older version handed in later: the time decides, not the order",
                        verdict="superseded")
        older.values["people"] = 1
        return [(newer, {}), (older, {})]
    if team == 4:
        spoiled = version(visits[1], "2022-11-18 10:00", "a correction that is itself wrong: the first version counts")
        return [(spoiled.reject("not-an-integer", "people", spoiled.note), {"people": "二三十个"})]
    if team == 5:
        original = visits[2]
        original.verdict, original.note = "superseded", "two corrections: the later of them counts"
        middle = version(original, "2022-11-17 08:00", "the first of two corrections", verdict="superseded")
        last = version(original, "2022-11-17 08:01", "", verdict="accepted", date="2022-11-09")
        return [(last, {}), (middle, {})]
    wrong = new_visit(campaign, 7, 90, "MH-16", verdict="superseded", note="the wrong unit: nobody was at MH-16")
    visits.insert(4, wrong)
    return [(version(wrong, "2022-11-17 15:30", "", verdict="accepted", unit="MH-06"), {})]


def write_corrections(campaign, corrections):
    """A folder that comes before the others in file order, so that only the time of a record says which one counts."""
    ledger = Ledger(campaign.books, campaign.inbox, "走访登记/更正/走访登记表-更正.csv", "visits", bom=True)
    columns = list(VISIT_HEADERS)
    ledger.other([VISIT_HEADERS[name][0] for name in columns], "header")
    for record, written in corrections:
        cells = visit_cells(campaign, record, **written)
        ledger.record(record, [cells[name] for name in columns])
    ledger.save()


# Interviews


def new_interview(campaign, team, number, unit, day, counts, plan=True):
    """An interview with findings; `plan` says that it is to count, so that Menghai's known findings may be used."""
    record = Record("interviews", f"FT-{team:02d}-{number:03d}", unit, f"T{team:02d}", day, "interview", "", {
        "years": campaign.random.randint(1, 35), "knows_policy": campaign.chance(65),
        "satisfaction": campaign.pick(("满意", "基本满意", "不满意")), "updated_on": "2022-11-16"})
    severity = campaign.random.randint(1, 5)
    for kind, count in zip(("highlight", "problem", "suggestion"), counts):
        category = campaign.pick(CATEGORIES)
        if not count:
            continue
        found = campaign.findings(unit, kind, count, category, 20) if plan else campaign.sample(kind, count, category)
        for finding in found:
            if kind == "problem":
                finding.severity = severity
            if kind == "suggestion":  # the ledger has no column for their category
                finding.category = ""
        record.findings += found
    return record


def interview_cells(campaign, record, lines=True, **as_written):
    from talent_inspection import SEVERITIES
    by_kind = {kind: [finding for finding in record.findings if finding.kind == kind]
               for kind in ("highlight", "problem", "suggestion")}
    region = campaign.units[record.unit]["region"]

    def category(kind):
        found = by_kind[kind]
        return written_code(campaign, found[0].category, CATEGORIES[found[0].category]) if found else ""

    severity = by_kind["problem"][0].severity if by_kind["problem"] else None
    cells = {
        "record_id": record.key, "team": campaign.pick([TEAMS[record.team]["name"], *TEAMS[record.team]["aliases"]]),
        "region": campaign.pick([region, REGIONS[region]["name"]]), "unit": written_unit(campaign, record.unit),
        "date": written_day(record.date, campaign.pick(DATE_STYLES)), "interviewee": campaign.pick(ROLES),
        "phone": campaign.pick([campaign.phone(), campaign.phone(), ""]),
        "years": campaign.pick([str(record.values["years"])] * 3 + [
            str(record.values["years"]).translate(FULL_WIDTH), chinese_number(record.values["years"]),
            f"{record.values['years']}年"]),
        "knows_policy": written_truth(campaign, record.values["knows_policy"]),
        "satisfaction": record.values["satisfaction"],
        "highlights": numbered(campaign, by_kind["highlight"], lines), "highlight_category": category("highlight"),
        "problems": numbered(campaign, by_kind["problem"], lines), "problem_category": category("problem"),
        "severity": written_code(campaign, str(severity), SEVERITIES[str(severity)]) if severity else "",
        "suggestions": numbered(campaign, by_kind["suggestion"], lines), "updated_on": record.values["updated_on"],
        "remark": campaign.pick(REMARKS)}
    return cells | as_written


COUNTS = ((1, 1, 0), (2, 0, 1), (0, 2, 0), (1, 3, 1), (0, 0, 1), (0, 1, 2), (3, 0, 0), (0, 0, 0), (1, 1, 1), (0, 4, 0))


def team_interviews(campaign, team):
    """Blocks of interviews, one block a unit and day."""
    units = [unit for unit in campaign.of_team(f"T{team:02d}") if campaign.chance(75) or unit == "MH-16"]
    number, blocks = 0, []
    for unit in units:
        day, block = campaign.day(), []
        for _ in range(campaign.random.randint(1, 3)):
            number += 1
            block.append(new_interview(campaign, team, number, unit, day, COUNTS[(number + team) % len(COUNTS)]))
        blocks.append(block)
    return blocks


def spoiled_interviews(campaign, team):
    faults = {
        1: [("no-such-day", "date", {"date": "2022-11-31"}, (0, 2, 0))],
        2: [("enum", "satisfaction", {"satisfaction": "还行"}, (1, 0, 0))],
        3: [("required", "interviewee", {"interviewee": ""}, (0, 1, 0))],
        4: [("code-unknown", "problem_category", {"problem_category": "人才生态"}, (0, 3, 0))],
        5: [("not-an-integer", "years", {"years": "三五年"}, (1, 1, 0))],
        7: [("missing-id", "record_id", {"record_id": ""}, (1, 2, 0)), ("too-long", "interviewee", {
            "interviewee": "兼任多个职务并且长期在乡镇和村组之间来回奔走的农业技术推广人员代表之一"}, (2, 0, 0))],
        8: [("code-unknown", "severity", {"severity": "要命"}, (0, 2, 1))],
        9: [("undecodable", None, {"interviewee": "\ue000农艺师"}, (0, 0, 0))],
        10: [("minimum", "years", {"years": "-3"}, (0, 1, 1)), ("unit-unknown", "unit", {"unit": "勐腊县蚕桑站"}, (1, 0, 0))],
    }
    for number, (fault, name, written, counts) in enumerate(faults.get(team, ()), 101):
        unit = campaign.pick(campaign.visited(f"T{team:02d}"))
        record = new_interview(campaign, team, number, unit, campaign.day(), counts, plan=False).reject(fault, name)
        if "record_id" in written:
            record.key = written["record_id"]
        yield record, written


INTERVIEW_NOTES = {
    3: "Unicode text: UTF-16 with tabs", 4: "semicolons", 5: "full-width commas by accident", 6: "other headers and order",
    7: "two title rows, merged cells, notes below", 8: "line breaks inside quotes", 9: "GB18030 with one bad byte",
    10: "further findings of an interview on rows of their own",
}


def write_interviews(campaign):
    for team in range(1, 11):
        changes = {5: {"encoding": "utf-8", "delimiter": "，", "line_end": "\n"}, 6: {"line_end": "\n"},
                   9: {"encoding": "gb18030", "delimiter": ",", "line_end": "\r\n"}}.get(team, {})
        suffix = "txt" if team == 3 else "csv"
        ledger = open_ledger(campaign, f"访谈台账/访谈台账-第{team}组.{suffix}", "interviews", team,
                             INTERVIEW_NOTES.get(team, ""), **changes)
        columns = list(INTERVIEW_HEADERS)
        if team == 6:
            columns = ["unit", "date", "record_id", "interviewee", "problems", "problem_category", "severity", "highlights",
                       "highlight_category", "suggestions", "knows_policy", "satisfaction", "years", "phone", "team",
                       "updated_on"]
        blocks = team_interviews(campaign, team)
        write_interview_file(campaign, ledger, team, columns, blocks)
        ledger.save()
        if team == 6:
            repeat_file(campaign, ledger, "访谈台账/访谈台账-第6组（重发）.csv")
    save(campaign.inbox / "访谈台账/访谈台账-补充.csv", b"")
    campaign.books.fail("访谈台账/访谈台账-补充.csv", "interviews", "empty-file", "no bytes at all")
    write_duplicate_label(campaign)


def repeat_file(campaign, ledger, name):
    """The same bytes under another name: all its records are duplicates."""
    facts = {key: value for key, value in campaign.books.files[ledger.name].items() if key != "records"}
    campaign.books.files[name] = {**copy.deepcopy(facts), "shows": "the same file under another name", "records": []}
    for record in list(campaign.books.files[ledger.name]["records"]):
        again = copy.deepcopy(record)
        again.verdict, again.note = "duplicate", "the file was handed in twice"
        campaign.books.enter(name, again, record.line)
    save(campaign.inbox / name, ledger.path.read_bytes())
    campaign.books.warn(name, "repeated-file", f"the same bytes as {ledger.name}")


def write_interview_file(campaign, ledger, team, columns, blocks):
    blank = [""] * (len(columns) - 1)
    if team in (1, 7):
        ledger.other([f"全州人才工作专项督查访谈台账（第{team}组）", *blank], "title")
    if team == 7:
        ledger.other(["填报单位：第七督查组　　填报日期：2022年11月16日", *blank], "title")
    ledger.other([INTERVIEW_HEADERS[name][-1 if team in (6, 8) else 0] for name in columns], "header")
    wide = ledger.delimiter == "，"
    rows = []
    for block in blocks:
        for place, record in enumerate(block):
            cells = interview_cells(campaign, record, lines=not wide and team != 10)
            if place and team not in (2, 8):  # merged cells: only the first row of the block names the unit
                cells |= {"team": "", "region": "", "unit": "", "date": ""}
            rows.append((record, cells))
        if block is blocks[1]:
            rows += [(record, interview_cells(campaign, record, lines=not wide, **written))
                     for record, written in spoiled_interviews(campaign, team)]
    if team == 8:
        rows += corrected_interviews(campaign, rows)
    for record, cells in rows:
        texts = [cells[name] for name in columns]
        if wide:
            texts = [text.replace("，", "、").replace(",", "、") for text in texts]
        if record.fault == "undecodable":
            data = ledger.text(texts).replace("\ue000", "@@").encode("gb18030").replace(b"@@", b"\xff")
            campaign.books.enter(ledger.name, record, ledger.raw(data))
            continue
        ledger.record(record, texts)
        if team == 10 and record.verdict == "accepted" and campaign.chance(35):
            continue_record(campaign, ledger, columns, record)
    if team in (1, 7):
        ledger.other(["合计", *blank[:-1], f"共{len(rows)}人次"], "totals")
    if team == 7:
        ledger.other(["说明：同一单位的访谈合并单元格，编号不重复。", *blank], "note")


def continue_record(campaign, ledger, columns, record):
    """One more row of the same interview: further problems, with a category of their own."""
    further = campaign.sample("problem", 1) + campaign.sample("highlight", 1)
    further = [finding for finding in further if campaign.chance(70)] or further[:1]
    part = copy.deepcopy(record)
    part.findings = further
    keep = {"highlights", "highlight_category", "problems", "problem_category", "severity"}
    cells = interview_cells(campaign, part, lines=False)
    ledger.row([cells[name] if name in keep else "" for name in columns])
    record.findings += further


def corrected_interviews(campaign, rows):
    """A row pasted again; a row handed in again with fewer problems."""
    record, cells = rows[0]
    again = copy.deepcopy(record)
    again.verdict, again.note = "duplicate", "the first row once more"
    old, old_cells = rows[1]
    new = copy.deepcopy(old)
    new.values["updated_on"] = "2022-11-18"
    new_cells = old_cells | {"updated_on": "2022-11-18", "remark": "更正"}
    old.verdict, old.note = "superseded", "its findings are counted once, with the later version"
    extra = campaign.sample("problem", 2)
    old.findings = [finding for finding in old.findings if finding.kind != "problem"] + extra
    for finding in extra:
        finding.category, finding.severity = extra[0].category, extra[0].severity
    old_cells |= {key: interview_cells(campaign, old)[key] for key in ("problems", "problem_category", "severity")}
    return [(again, cells), (new, new_cells)]


def write_duplicate_label(campaign):
    """Two columns under one header: a warning; the first is read, and the second holds nothing that would be missed."""
    name = "访谈台账/访谈台账-零散.csv"
    ledger = Ledger(campaign.books, campaign.inbox, name, "interviews", encoding="gb18030", note="the header 备注 stands twice")
    columns = [name for name in INTERVIEW_HEADERS if name != "region"]
    ledger.other([INTERVIEW_HEADERS[name][0] for name in columns] + ["备注"], "header")
    for number, unit in ((901, "ZZ-07"), (902, "ZZ-12")):
        record = new_interview(campaign, 1, number, unit, campaign.day(), (0, 1, 0))
        record.team = campaign.units[unit]["team"]
        cells = interview_cells(campaign, record)
        ledger.record(record, [cells[name] for name in columns] + [""])
    ledger.save()
    campaign.books.warn(name, "duplicate-label", "the header 备注 stands twice; the first column is read")
