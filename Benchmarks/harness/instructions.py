"""Instruction counts of the program on a small fixed input, by callgrind: a figure that a busy machine does not blur."""
import json
import os
import re
import shutil
import subprocess

import answers
from contests import MEGABYTE
from tools import HERE, say

FILE = os.path.join(HERE, "instructions.json")
TOLERANCE = 0.02  # of the total; parts may move within twice that of the total

# The smallest is nearly all start: pipeline, code lists, a roster of 2,000 units. What the others add to it is cost of the data.
INPUTS = [("w1-100kB", "w1", "ledger", {"bytes": MEGABYTE // 10}), ("w1-2MB", "w1", "ledger", {"bytes": 2 * MEGABYTE}),
          ("w2-2MB", "w2", "export", {"bytes": 2 * MEGABYTE})]


def run(program, tools, record):
    if not shutil.which("valgrind"):
        say("valgrind is not installed: apt-get install valgrind")
        return 69
    counted = {}
    for name, kind, what, numbers in INPUTS:
        say(f"counting {name}")
        dataset = tools.dataset(what, **numbers)
        counted[name] = count(program, tools, kind, dataset)
    counted["w1-each-MB"] = each_megabyte(counted["w1-100kB"], counted["w1-2MB"])
    here = {"toolchain": toolchain(), "rules": program.has_rules, "counts": counted}
    if record:
        with open(FILE, "w", encoding="utf-8") as file: file.write(json.dumps(here, indent=2) + "\n")
        say(f"written: {FILE}")
        show(counted, {})
        return 0
    with open(FILE, encoding="utf-8") as file: before = json.load(file)
    show(counted, before["counts"])
    if before["toolchain"] != here["toolchain"]:
        say(f"counted with another toolchain, so not compared:\n  then {before['toolchain']}\n  now  {here['toolchain']}")
        return 0
    if before["rules"] != here["rules"]:
        say("one of the two programs has no rules; not compared")
        return 0
    worse = [name for name in counted if counted[name]["total"] > before["counts"][name]["total"] * (1 + TOLERANCE)]
    for name in worse: say(f"{name}: more instructions than recorded, beyond {TOLERANCE:.0%}")
    return 1 if worse else 0


def each_megabyte(small, large):
    """What a megabyte of data costs beyond the start."""
    part = lambda name: round((large["modules"].get(name, 0) - small["modules"].get(name, 0)) / 1.9)
    modules = {name: part(name) for name in large["modules"] if name in small["modules"] and name != "the rest"}
    total = round((large["total"] - small["total"]) / 1.9)
    return {"total": total, "modules": modules | {"the rest": total - sum(modules.values())}}


def count(program, tools, kind, dataset):
    folder = program.campaign(kind, dataset, "instructions")
    profile = os.path.join(folder, "callgrind.out")
    # Without debug information, which valgrind before 3.22 cannot read as this compiler writes it; names of functions stay.
    bare = os.path.join(folder, "fieldtally")
    subprocess.run(["strip", "--strip-debug", "-o", bare, program.path], check=True)
    command = [bare, *program.command(folder, os.path.join(dataset, "inbox"), 1)[1:]]
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no", f"--callgrind-out-file={profile}", *command],
        capture_output=True, text=True, env=os.environ | {"XDG_CACHE_HOME": os.path.join(folder, "cache-home")})
    if done.returncode not in (0, 1) or not os.path.exists(os.path.join(folder, "out")): raise SystemExit(f"the program ended with {done.returncode} under valgrind:\n{done.stderr[-2000:]}")
    wrong = answers.check(os.path.join(folder, "out"), kind, program.expected(kind, dataset))
    if wrong: raise SystemExit("WRONG under valgrind: " + "; ".join(wrong[:5]))
    return by_module(profile)


OBJECTS = {"libxml2": "libxml2", "libcrypto": "libcrypto", "libxlsxwriter": "libxlsxwriter", "libc.": "C library", "ld-linux": "C library"}


def module(function, object_file):
    """The module of a function: by its library, by its mangled name, else C of ours or Swift's own library."""
    name = os.path.basename(object_file)
    for beginning, label in OBJECTS.items():
        if name.startswith(beginning): return label
    mangled = re.match(r"\$s(\d+)", function)
    if mangled: return function[mangled.end():mangled.end() + int(mangled[1])]
    if function.startswith("$s") or "swift" in function or "(anonymous namespace)" in function: return "Swift library"
    if function.startswith("yaml_"): return "libyaml"
    if function.startswith(("sha256_", "SHA256_", "OPENSSL_")): return "libcrypto"
    if function.startswith("ftally_") or function == "all_valid": return "CScan"
    return "other"


def by_module(profile):
    """Self cost by module. A line behind `calls=` is the cost of what was called, and is counted there."""
    modules, names, total = {}, {}, 0
    object_file = function = ""
    skip = False
    with open(profile, encoding="utf-8", errors="replace") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("ob="): object_file = line[3:]
            elif line.startswith("fn="): function = line[3:]
            elif line.startswith("calls="): skip = True
            elif line[:1].isdigit() or line[:1] in "+-*":
                if skip:
                    skip = False
                    continue
                parts = line.split()
                if len(parts) < 2: continue
                cost = int(parts[-1])
                total += cost
                key = module(function, object_file)
                modules[key] = modules.get(key, 0) + cost
                names[key, function] = names.get((key, function), 0) + cost
    parts = dict(sorted(modules.items(), key=lambda item: -item[1]))
    small = sum(cost for cost in parts.values() if cost < total / 200)
    kept = {name: cost for name, cost in parts.items() if cost >= total / 200}
    hottest = sorted(names.items(), key=lambda item: -item[1])[:8]
    return {"total": total, "modules": kept | {"the rest": small},
            "hottest": {name[:100]: cost for (_, name), cost in hottest}}


def toolchain():
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    valgrind = subprocess.run(["valgrind", "--version"], capture_output=True, text=True).stdout.strip()
    return f"{swift}; {valgrind}; {os.uname().machine}"


def show(counted, before):
    for name, figures in counted.items():
        then = before.get(name, {"total": 0, "modules": {}})
        print(f"{name}: {figures['total'] / 1e6:.1f} million instructions{change(figures['total'], then['total'])}")
        for part, cost in figures["modules"].items():
            print(f"  {part:20} {cost / 1e6:10.1f}{change(cost, then['modules'].get(part, 0))}")


def change(now, then):
    return f"  ({(now / then - 1) * 100:+.1f} %)" if then else ""
