#!/usr/bin/env python3
"""Measures the program beside its peers; see docs/performance.md. Run by Scripts/bench, which builds the program."""
import argparse
import os
import platform
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import answers
import contests
import instructions
import report
from peers import Peers
from tools import HERE, PROJECT, Missing, Program, Tools, WrongAnswer, say


def main():
    parser = argparse.ArgumentParser(prog="Scripts/bench", description=__doc__)
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--full", action="store_true", help="all works at full size, and the curves: a quarter of an hour")
    parser.add_argument("--only", action="append", choices=sorted(contests.FULL), metavar="NAME",
                        help="one work, at full size with --full: " + ", ".join(contests.FULL))
    parser.add_argument("--skip", action="append", choices=sorted(contests.FULL), metavar="NAME", help="leave this work out")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each side that count (5)")
    parser.add_argument("--data", default=os.path.join(tempfile.gettempdir(), "fieldtally-bench"),
                        help="folder of the generated data (%(default)s)")
    parser.add_argument("--write", metavar="FOLDER", help="write results.csv and the charts there")
    parser.add_argument("--self-check", action="store_true", help="generator, peer and program against each other on 1 MB")
    parser.add_argument("--instructions", action="store_true", help="count instructions and compare with Benchmarks/instructions.json")
    parser.add_argument("--record", action="store_true", help="with --instructions: rewrite that file")
    options = parser.parse_args()
    data = os.path.abspath(options.data)
    if (data + "/").startswith(PROJECT + "/"): parser.error("--data: the data is large and does not belong into the project")
    os.makedirs(data, exist_ok=True)
    tools = Tools(data)
    program = Program(os.path.abspath(options.program), tools)
    peers = Peers(tools)
    if not program.has_rules:
        say("This program does not take `rules:`: the three faults of W1 that need two fields are not looked for by it, and the "
            "expected answer is the one without them.")
    if options.instructions: return instructions.run(program, tools, options.record)
    if options.self_check: return self_check(program, tools, peers)
    bench = contests.Bench(tools, program, peers, options.full, options.pairs)
    chosen = contests.FULL if options.full or options.only else contests.QUICK
    failed = False
    for name, contest in chosen.items():
        if options.only and name not in options.only: continue
        if name in (options.skip or []): continue
        say(f"{name}:")
        try: contest(bench)
        except WrongAnswer as wrong:
            failed = True
            say(f"  WRONG: {wrong}")
        # After each work: what was measured stays, should the rest be broken off.
        if options.write: report.write(bench, options.write, machine(peers), list(contests.FULL))
    report.print_table(bench)
    return 1 if failed else 0


def machine(peers):
    for module in ("duckdb", "polars", "pandas", "frictionless", "lxml", "xlsxwriter"):
        try: peers.python(module)
        except Missing: pass
    with open("/proc/cpuinfo") as file: models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    return {"processors": f"{os.cpu_count()} × {models[0] if models else platform.machine()}", "swift": swift, "python": platform.python_version(), **peers.versions}


def self_check(program, tools, peers):
    """What was counted while making the data, what Python's csv finds in it, and what the program publishes, are one."""
    wrong = []
    for kind, what, peer, numbers in (("w1", "ledger", "csv", {"bytes": 1_000_000}), ("w1", "ledger", "csv", {"bytes": 1_000_000, "files": 7}),
                                      ("w2", "export", "etree", {"bytes": 1_000_000}), ("forms", "submissions", "etree", {"files": 500}),
                                      ("wide", "wide", None, {"records": 300}), ("sheet", "sheet", None, {"records": 300})):
        dataset = tools.dataset(what, **numbers)
        bench = contests.Bench(tools, program, peers, False, 1)
        try:
            if peer: peers.run(peer, kind, dataset)
            bench.ours(kind, dataset)
            if kind != "sheet": bench.check_every_cell(kind, dataset)
            say(f"{kind} {numbers}: right")
        except WrongAnswer as difference:
            wrong.append(f"{kind} {numbers}: {difference}")
    # A checker that finds nothing is no checker: of an expected answer that is off by one, anywhere, it must say so.
    dataset = tools.dataset("ledger", bytes=1_000_000)
    folder = program.campaign("w1", dataset, output="{formats: [csv, json], tables: [rejected, units, categories, findings]}")
    program.run(folder, os.path.join(dataset, "inbox"))
    with open(program.expected("w1", dataset), encoding="utf-8") as file: lines = file.read().splitlines()
    for beginning in ("rows", "duplicates", "rejected", "tally"):
        place = next(index for index, line in enumerate(lines) if line.startswith(beginning))
        key, number = lines[place].rsplit("\t", 1)
        other = os.path.join(tools.work, "off-by-one.tsv")
        changed = lines[:place] + [f"{key}\t{int(number) + 1}"] + lines[place + 1:]
        with open(other, "w", encoding="utf-8") as file: file.write("\n".join(changed) + "\n")
        for every_cell in (False, True):
            if not answers.check(os.path.join(folder, "out"), "w1", other, every_cell): wrong.append(f"the checker takes a wrong number of {beginning}")
    for line in wrong: say(f"WRONG: {line}")
    return 1 if wrong else 0


sys.exit(main())
