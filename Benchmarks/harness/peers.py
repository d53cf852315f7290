"""The programs that do the same work, and the floors under it."""
import filecmp
import os
import shutil
import subprocess
import sys

from tools import HERE, Missing, WrongAnswer


class Peers:
    def __init__(self, tools):
        self.tools = tools
        self.missing = {}
        self.versions = {}
        # Several interpreters, because not all libraries can be installed side by side.
        named = os.environ.get("FIELDTALLY_BENCH_PYTHON", "").split(":")
        self.pythons = [path for path in named if path] + [shutil.which("python3") or sys.executable]
        self.found = {}

    def python(self, module):
        """The first interpreter that has the module."""
        if module not in self.found:
            self.found[module] = self.look_for(module)
        if not self.found[module]: raise Missing(f"{module}: not installed in {', '.join(self.pythons)}")
        return self.found[module]

    def look_for(self, module):
        question = (f"import importlib.util as u, importlib.metadata as m, sys\nif u.find_spec('{module}') is None: sys.exit(1)\n"
                    f"try: print(m.version('{module}'))\nexcept m.PackageNotFoundError: print('Python ' + sys.version.split()[0])")
        for python in self.pythons:
            answer = subprocess.run([python, "-c", question], capture_output=True, text=True)
            if answer.returncode == 0:
                self.versions[module] = answer.stdout.strip()
                return python
        return None

    def command(self, name, kind, dataset, out):
        """The command that does the work of `kind` on the data and writes its answer to `out`."""
        roster, inbox = os.path.join(dataset, "reference", "roster.csv"), os.path.join(dataset, "inbox")
        files = [os.path.join(place, file) for place, _, names in os.walk(inbox) for file in names]
        files.sort()
        script = lambda file: os.path.join(HERE, "peers", file)
        if name == "newlines": return [self.tools.floor("newlines"), out, *files]
        if name == "xmltally": return [self.tools.floor("xmltally", "libxml-2.0"), out, *files]
        if kind == "w1":
            return [self.python(name), script(f"ledger_{name}.py"), roster, out, *files]
        form, path = ("odk", inbox) if kind == "forms" else ("big", files[0])
        module = {"etree": "xml.etree.ElementTree", "expat": "pyexpat"}.get(name, name)
        return [self.python(module), script("questionnaires.py"), name, form, roster, out, path]

    def run(self, name, kind, dataset):
        """One measured run; its answer must be the expected file, byte for byte, where the peer does the whole work."""
        out = os.path.join(self.tools.work, f"answer-{name}.tsv")
        if os.path.exists(out): os.remove(out)
        run = self.tools.measure(self.command(name, kind, dataset, out))
        if run.status: raise WrongAnswer(f"{name} ended with {run.status}: {self.tools.messages()}")
        if name in ("newlines", "xmltally"): return run
        expected = os.path.join(dataset, "expected.tsv")
        if not filecmp.cmp(out, expected, shallow=False): raise WrongAnswer(f"{name}: {out} differs from {expected}")
        return run
