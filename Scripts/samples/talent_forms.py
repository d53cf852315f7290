"""The XML of the talent campaign: forms filled in on site (XForms submissions, one a file) and two exports of
questionnaires (many responses a file)."""
import copy
import uuid

from books import Finding, Record
from talent_ledgers import numbered, written_truth
from talent_texts import CATEGORIES
from writing import Markup, escaped, save

OPENROSA = "http://openrosa.org/xforms"

# Site forms


def new_form(campaign, number, unit, counts=(0, 0), plan=True):
    from talent_inspection import METHODS
    record = Record(
        "site-forms", f"SF-{number:03d}", unit, campaign.units[unit]["team"], campaign.day(), campaign.pick(METHODS),
        campaign.pick(("special", "random")), {
            "people": campaign.random.randint(1, 25), "score": campaign.random.randint(60, 100),
            "used_report": campaign.chance(60), "used_ledger": campaign.chance(60), "used_site": campaign.chance(60)})
    for kind, count in zip(("highlight", "problem"), counts):
        if count:
            record.findings += campaign.findings(unit, kind, count, percent=40) if plan else campaign.sample(kind, count)
    for finding in record.findings:
        finding.severity = finding.severity or campaign.random.randint(1, 5)
    return record


def submission(campaign, record, identifier, style="declared", comment="", **written):
    """One submission. `style`: how the metadata block names its namespace (`declared`, `undeclared`, `plain`, `default`)."""
    values = record.values
    clock = f"{8 + int(record.key[-2:]) % 9:02d}:{int(record.key[-3:]) * 7 % 60:02d}"
    used = " ".join(word for word in ("report", "ledger", "site") if values["used_" + word])
    cells = {
        "visit_id": record.key, "start": f"{record.date}T{clock}:12.481+08:00", "end": f"{record.date}T{clock}:55.020+08:00",
        "team": record.team, "unit_code": record.unit, "unit_name": campaign.units[record.unit]["name"],
        "visit_date": record.date, "method": record.method, "mode": record.mode, "used": used, "people": values["people"],
        "score": values["score"]} | written
    prefix = "" if style in ("plain", "default") else "orx:"
    declared = f' xmlns:orx="{OPENROSA}"' if style == "declared" else ""
    default = ' xmlns="https://forms.example.cn/site-visit"' if style == "default" else ""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<data{default} id="site_visit" version="2022102801"{declared}>', f"  <start>{cells['start']}</start>",
        f"  <end>{cells['end']}</end>", f"  <visit_id>{cells['visit_id']}</visit_id>", "  <general>",
        f"    <team>{cells['team']}</team>", f"    <unit_code>{cells['unit_code']}</unit_code>",
        f"    <unit_name>{escaped(cells['unit_name'])}</unit_name>", f"    <visit_date>{cells['visit_date']}</visit_date>",
        f"    <method>{cells['method']}</method>", f"    <mode>{cells['mode']}</mode>", "  </general>",
        f"  <used>{cells['used']}</used>", f"  <people>{cells['people']}</people>", f"  <score>{cells['score']}</score>",
        *([f"  <!-- {comment} -->"] if comment else [])]
    for finding in record.findings:
        lines += [
            "  <findings>", f"    <kind>{finding.kind}</kind>",
            f"    <category>{'C99' if finding.fault else finding.category}</category>",
            f"    <severity>{finding.severity}</severity>", f"    <text>{escaped(finding.text)}</text>", "  </findings>"]
    return "\n".join([
        *lines, f"  <{prefix}meta>", f"    <{prefix}instanceID>uuid:{identifier}</{prefix}instanceID>", f"  </{prefix}meta>",
        "</data>"])


def new_uuid(campaign):
    return uuid.UUID(int=campaign.random.getrandbits(128), version=4)


def write_submission(campaign, name, record, text, note=""):
    markup = Markup(campaign.books, campaign.inbox, f"移动端/{name}.xml", "site-forms", note=note)
    head, body = text.split("\n", 1)
    markup.add(head)
    markup.record(record, body)
    markup.save()


def write_site_forms(campaign):
    first = [unit for unit in campaign.visited() if int(unit[3:]) % 3 == 0]
    again = [unit for unit in campaign.visited() if int(unit[3:]) % 11 == 5]
    counts = ((1, 0), (0, 1), (2, 1), (0, 0), (1, 2), (0, 3))
    styles = {3: "undeclared", 5: "plain", 7: "default"}
    for number, unit in enumerate(first + again, 1):
        record = new_form(campaign, number, unit, counts[number % len(counts)])
        written = {}
        if number == 9:  # the code was left out; an old name says which unit it is
            written = {"unit_code": "", "unit_name": campaign.names(unit)[-1]}
        if number == 13:  # one finding with a category that does not exist: that one is rejected, the visit counts
            record.findings = campaign.sample("problem", 2)
            record.findings[1].fault = "code-unknown"
        identifier = new_uuid(campaign)
        text = submission(campaign, record, identifier, styles.get(number, "declared"), **written)
        note = {3: "the prefix orx: is not declared", 5: "meta without a prefix", 7: "a default namespace",
                9: "no code: the unit is known by an old name", 13: "one finding rejected alone"}.get(number, "")
        if number == 15:
            correct_form(campaign, number, record)
        write_submission(campaign, f"SF-{number:03d}", record, text, note)
        if number == 17:  # sent again after the connection broke: other bytes, the same cells
            same = copy.deepcopy(record)
            same.verdict, same.note = "duplicate", "sent twice; only a comment differs"
            write_submission(campaign, f"SF-{number:03d}_again", same,
                             submission(campaign, same, identifier, comment="resent"))
    spoiled_forms(campaign)


def correct_form(campaign, number, record):
    record.verdict, record.note = "superseded", "edited on the server: the later `end` counts"
    later = copy.deepcopy(record)
    later.verdict, later.note = "accepted", ""
    later.values["score"] = 99
    later.findings = campaign.sample("suggestion", 1)
    later.findings[0].severity = 1
    text = submission(campaign, later, new_uuid(campaign), end="2022-11-16T09:00:00.000+08:00")
    write_submission(campaign, f"SF-{number:03d}_edited", later, text)


def spoiled_forms(campaign):
    for number, (fault, name, written, unit) in enumerate([
        ("outside-window", "visit_date", {"visit_date": "2022-10-28"}, "MH-03"),
        ("unit-unknown", "unit_code", {"unit_code": "ZZ-77"}, "ZZ-05"),
        ("code-unknown", "method", {"method": "phone"}, "JH-04"), ("required", "visit_date", {"visit_date": ""}, "ML-04"),
    ], 901):
        record = new_form(campaign, number, unit, (1, 1), plan=False).reject(fault, name)
        write_submission(campaign, f"SF-{number}", record, submission(campaign, record, new_uuid(campaign), **written))
    record = new_form(campaign, 905, "ZZ-06")
    text = submission(campaign, record, new_uuid(campaign))
    text = text.replace(
        '<data ', '<!DOCTYPE data [<!ENTITY unit "州公安局">]>\n<data ').replace("州公安局</unit_name>", "&unit;</unit_name>")
    save(campaign.inbox / "移动端/SF-905.xml", (text + "\n").encode())
    campaign.books.fail("移动端/SF-905.xml", "site-forms", "xml-doctype", "a DOCTYPE with an entity")


# Questionnaires


def new_response(campaign, number, unit, counts=(0, 0, 0), suggestions=0, plan=True):
    record = Record(
        "questionnaires", f"WJ{number:04d}", unit, campaign.units[unit]["team"],
        "", "", "", {
            "submitted_on": f"2022-11-{campaign.random.randint(2, 15):02d}", "q1": campaign.random.randint(1, 5), "q2": campaign.pick(("满意", "基本满意", "不满意")),
            "q3": campaign.chance(60), "q4_policy": campaign.chance(50), "q4_platform": campaign.chance(40),
            "q4_housing": campaign.chance(50), "q5": campaign.random.randint(0, 1900),
            "q6": campaign.random.randint(1, 80) * 2500})
    for kind, count in zip(("highlight", "problem", "suggestion"), counts):
        if count:
            record.findings += campaign.findings(unit, kind, count) if plan else campaign.sample(kind, count)
    record.findings += _q7(campaign, suggestions)
    return record


def _q7(campaign, count):
    """Suggestions that stand numbered in the answer to q7, which has no category."""
    found = campaign.sample("suggestion", count) if count else []
    for finding in found:
        finding.category, finding.severity = "", None
    return found


def response(campaign, record, updated=None, indent="  ", **written):
    values = record.values
    chosen = " ".join(word for word in ("policy", "platform", "housing") if values["q4_" + word])
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    money = values["q6"]
    in_answer = [finding for finding in record.findings if finding.kind == "suggestion" and not finding.category]
    repeats = [finding for finding in record.findings if finding not in in_answer]
    submitted = f"{values['submitted_on']}T{9 + int(record.key[-1]):02d}:{int(record.key[-2:]) % 60:02d}:05+08:00"
    cells = {
        "id": record.key, "code": record.unit, "name": campaign.pick(campaign.names(record.unit)), "team": record.team,
        "submitted": submitted, "updated": updated or submitted, "q1": values["q1"], "q2": values["q2"],
        "q3": written_truth(campaign, values["q3"]), "q4": chosen,
        "q5": campaign.pick([f"{values['q5']}", f"{values['q5']:,}", str(values["q5"]).translate(wide)]),
        "q6": campaign.pick([str(money), f"{money:,}", f"{money / 10000:g}万"]),
        "q7": numbered(campaign, in_answer) if in_answer else campaign.pick(("", "无", "暂无")),
        "q8": campaign.pick((campaign.phone(), ""))} | written
    answers = "".join(f"<q{i}>{escaped(str(cells[f'q{i}']))}</q{i}>" for i in range(1, 9))
    identifier = f' id="{cells["id"]}"' if cells["id"] is not None else ""
    lines = [
        f'<response{identifier} submitted="{cells["submitted"]}" updated="{cells["updated"]}">',
        f'  <unit code="{cells["code"]}"><name>{escaped(cells["name"])}</name></unit><team>{cells["team"]}</team>',
        f"  <answers>{answers}</answers>"]
    if repeats:
        lines.append("  <findings>")
        for place, finding in enumerate(repeats):
            severity = f' severity="{finding.severity}"' if finding.severity else ""
            kind = {"highlight": "亮点", "problem": "problem", "suggestion": "建议"}[finding.kind]
            lines.append(f'    <finding kind="{kind}" category="{finding.category}"{severity}>'
                         f"<text>{in_markup(campaign, finding.text)}</text></finding>")
        lines.append("  </findings>")
    lines.append("</response>")
    return "\n".join(indent + line for line in "\n".join(lines).split("\n"))


def in_markup(campaign, text):
    """The same text as plain characters, as CDATA, with a comment in its midst, or with a character reference."""
    middle = len(text) // 2
    return campaign.pick([
        escaped(text), escaped(text), f"<![CDATA[{text}]]>", f"{text[:middle]}<!-- 记录员核对 -->{text[middle:]}",
        f"{text[:middle]}&#x{ord(text[middle]):X};{text[middle + 1:]}",
        f"{text[:middle]}<![CDATA[{text[middle:]}]]>"])


def write_questionnaires(campaign):
    prefecture = [unit for unit in campaign.units if unit.startswith("ZZ") and campaign.chance(85)]
    counties = [unit for unit in campaign.units if not unit.startswith("ZZ") and (campaign.chance(80) or unit[:2] == "MH")]
    export = Markup(campaign.books, campaign.inbox, "问卷/问卷导出-州级单位.xml", "questionnaires",
                    note="a default namespace, CDATA, comments, character references")
    export.add('<?xml version="1.0" encoding="UTF-8"?>\n<!-- 调查问卷平台导出 -->\n'
               '<responses xmlns="https://survey.example.cn/export/2022" exported="2022-11-16T08:00:00+08:00">')
    number = write_responses(campaign, export, prefecture, 1)
    spoiled_responses(campaign, export, [
        ("missing-id", "id", {"id": None}, "ZZ-02"), ("unit-unknown", "unit_code", {"code": "ZZ-99", "name": "州烟草研究院"}, "ZZ-03"),
        ("maximum", "q1", {"q1": "7"}, "ZZ-04"), ("bad-boolean", "q3", {"q3": "说不好"}, "ZZ-05"),
        ("not-a-datetime", "submitted", {"submitted": "昨天下午"}, "ZZ-06")], 801)
    corrected_responses(campaign, export)
    export.add("</responses>")
    export.save()
    export = Markup(campaign.books, campaign.inbox, "问卷/问卷导出-县市单位.xml", "questionnaires", line_end="\r\n",
                    note="no namespace, CRLF, a byte order is not marked, one response twice")
    export.add('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<responses>')
    write_responses(campaign, export, counties, number, known=True)
    record = new_response(campaign, 701, "ML-03", (0, 1, 0))
    text = response(campaign, record)
    export.record(record, text)
    again = copy.deepcopy(record)
    again.verdict, again.note = "duplicate", "the same response twice in one export"
    export.record(again, text)
    spoiled_responses(campaign, export, [
        ("minimum", "q5", {"q5": "-4"}, "MH-05"), ("phone-pattern", "q8", {"q8": "0691-100"}, "MH-06"),
        ("enum", "q2", {"q2": "很满意"}, "JH-06")], 811)
    export.add("</responses>")
    export.save()
    broken = "\n".join([
        '<?xml version="1.0" encoding="UTF-8"?>', "<responses>",
        *(response(campaign, new_response(campaign, 850 + i, "ML-06", (0, 1, 0))) for i in range(3))])
    save(campaign.inbox / "问卷/问卷导出-中断.xml", broken[:broken.rindex("<answers>") + 30].encode())
    campaign.books.fail("问卷/问卷导出-中断.xml", "questionnaires", "xml-malformed", "the download broke off within the third response")


def write_responses(campaign, export, units, number, known=False):
    counts = ((1, 0, 0), (0, 1, 0), (0, 0, 0), (1, 1, 1), (0, 2, 0), (0, 0, 1), (2, 0, 0))
    for unit in units:
        for _ in range(1 + campaign.chance(25)):
            chosen = counts[number % len(counts)]
            if known and campaign.units[unit]["region"] == "532822":
                chosen = (1, 1, 1) if number % 2 else (0, 0, 0)
            record = new_response(campaign, number, unit, chosen, campaign.pick((0, 0, 0, 1, 2, 3)))
            export.record(record, response(campaign, record))
            number += 1
    return number


def spoiled_responses(campaign, export, faults, number):
    for place, (fault, name, written, unit) in enumerate(faults, number):
        record = new_response(campaign, place, unit, (1, 1, 0), plan=False).reject(fault, name)
        text = response(campaign, record, **written)
        if fault == "missing-id":
            record.key = ""
        export.record(record, text)


def corrected_responses(campaign, export):
    """Handed in again, and again: the time tells, also across zones."""
    old = new_response(campaign, 601, "ZZ-07", (1, 1, 0))
    new = new_response(campaign, 601, "ZZ-07", (0, 1, 0))
    new.values["submitted_on"] = old.values["submitted_on"]
    old.verdict, old.note = "superseded", "23:30+08:00 is earlier than 16:05Z of the same day, though its text is greater"
    export.record(new, response(campaign, new, updated="2022-11-15T16:05:00Z"))
    export.record(old, response(campaign, old, updated="2022-11-15T23:30:00+08:00"))
