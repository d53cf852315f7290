"""Folders, builds, data, and one measured run."""
import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROJECT = os.path.dirname(HERE)


def say(text):
    print(text, file=sys.stderr, flush=True)


class Missing(Exception):
    """A peer that is not installed here."""


class WrongAnswer(Exception):
    pass


@dataclass
class Run:
    wall: float  # seconds
    cpu: float  # seconds, user and system
    peak: int  # KiB
    status: int


def digest(paths):
    """Of what the files hold."""
    total = hashlib.sha256()
    for path in sorted(paths):
        with open(path, "rb") as file: total.update(file.read())
    return total.hexdigest()[:16]


def files_below(folder):
    return sorted(os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)


class Tools:
    """The generator, the floors in C and the launcher, built when they are not there."""

    def __init__(self, data):
        self.data = data
        self.programs = os.path.join(data, "programs")
        os.makedirs(self.programs, exist_ok=True)
        # What one run of this script writes: two at a time do not meet.
        self.work = tempfile.mkdtemp(prefix="work-", dir=data)
        atexit.register(shutil.rmtree, self.work, ignore_errors=True)
        self.launcher = self.floor("timed")
        sources = files_below(os.path.join(HERE, "Sources"))
        self.version = digest(sources)
        self.generator = os.path.join(self.programs, f"benchdata-{self.version}")
        if not os.path.exists(self.generator): self.build_generator()

    def build_generator(self):
        say("building the generator")
        scratch = os.path.join(self.data, "build")
        build = ["swift", "build", "-c", "release", "--package-path", HERE, "--scratch-path", scratch]
        subprocess.run(build, check=True, stdout=sys.stderr)
        place = subprocess.run(build + ["--show-bin-path"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        shutil.copy(os.path.join(place, "benchdata"), self.generator)

    def floor(self, name, package=None, library=None):
        """Path of the C program; Missing when there is no compiler or library."""
        source = os.path.join(HERE, "floors", f"{name}.c")
        program = os.path.join(self.programs, f"{name}-{digest([source])}")
        if os.path.exists(program): return program
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if not compiler: raise Missing("no C compiler")
        flags = []
        if package:
            answer = subprocess.run(["pkg-config", "--cflags", "--libs", package], capture_output=True, text=True)
            if answer.returncode: raise Missing(f"{package} (pkg-config)")
            flags = answer.stdout.split()
        built = subprocess.run([compiler, "-O3", "-o", program, source, *flags], capture_output=True, text=True)
        if built.returncode: raise Missing(f"{name}.c does not build: {built.stderr.splitlines()[0]}")
        return program

    def dataset(self, what, **numbers):
        """Folder of the data, made when it is not there."""
        name = "-".join([what] + [f"{key}{value}" for key, value in sorted(numbers.items())])
        folder = os.path.join(self.data, f"{name}-{self.version}")
        if os.path.exists(os.path.join(folder, "complete")): return folder
        shutil.rmtree(folder, ignore_errors=True)
        say(f"making {name}")
        subprocess.run([self.generator, what, folder, *[f"{key}={value}" for key, value in numbers.items()]], check=True)
        open(os.path.join(folder, "complete"), "w").close()
        return folder

    def measure(self, command, **environment):
        """Runs the command once; its output goes nowhere."""
        result = os.path.join(self.work, "result")
        with open(os.path.join(self.work, "messages"), "wb") as messages:
            launched = subprocess.run(
                [self.launcher, result, *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=messages,
                env=os.environ | environment)
        if launched.returncode: raise RuntimeError(f"the launcher ended with {launched.returncode}")
        with open(result) as file: wall, cpu, peak, status = map(int, file.read().split())
        return Run(wall / 1e9, cpu / 1e6, peak, status)

    def messages(self):
        with open(os.path.join(self.work, "messages"), encoding="utf-8", errors="replace") as file: return file.read()[-2000:]


class Program:
    """The program under test, run on campaigns of its own."""

    def __init__(self, path, tools):
        self.path, self.tools = path, tools
        if not os.access(path, os.X_OK): raise SystemExit(f"{path}: no program")
        self.has_rules = self.accepts_rules()

    def campaign(self, kind, dataset, name="campaign", **changes):
        """A fresh folder with the pipeline of `kind`: nothing of earlier runs is in it, no cache either."""
        folder = os.path.join(self.tools.work, name)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(os.path.join(HERE, kind), folder)
        shutil.copytree(os.path.join(dataset, "reference"), os.path.join(folder, "reference"))
        path = os.path.join(folder, "pipeline.yaml")
        with open(path, encoding="utf-8") as file: text = file.read()
        if changes.get("output"):
            text = "\n".join(f"output: {changes['output']}" if line.startswith("output:") else line for line in text.split("\n"))
        rules = changes.get("rules")
        if rules is None and kind == "w1" and self.has_rules:
            with open(os.path.join(folder, "rules.yaml"), encoding="utf-8") as file: rules = file.read()
        with open(path, "w", encoding="utf-8") as file: file.write(text + (rules or ""))
        return folder

    def command(self, folder, inbox, jobs=None):
        return [self.path, "run", folder, "--inbox", inbox, "--quiet", "--lang", "en", "--as-of", "2022-12-31",
                *(["--jobs", str(jobs)] if jobs else [])]

    def run(self, folder, inbox, jobs=None):
        # A cache outside the campaign's folder, if there is one, goes with the campaign.
        run = self.tools.measure(
            self.command(folder, inbox, jobs), XDG_CACHE_HOME=os.path.join(folder, "cache-home"))
        if run.status not in (0, 1): raise WrongAnswer(f"the program ended with {run.status}: {self.tools.messages()}")
        return run

    def expected(self, kind, dataset):
        name = "expected.tsv" if kind != "w1" or self.has_rules else "expected-without-rules.tsv"
        return os.path.join(dataset, name)

    def accepts_rules(self):
        """Whether the program knows the key `rules`, asked with a rule that always holds: a program that knows it and does
        not take those of W1 is one that fails."""
        dataset = self.tools.dataset("ledger", bytes=100_000)
        probe = "rules:\n  - {id: probe, source: ledger, require: record_id is not blank}\n"
        folder = self.campaign("w1", dataset, "probe", rules=probe)
        return self.tools.measure(self.command(folder, os.path.join(dataset, "inbox"))).status != 78
