"""Runs Autobahn's own test suite against a WebSocket server that only sends.

Usage: autobahn.py PORT PATH [CASE...], such as autobahn.py 8080 /domains-only '6.*'. Needs
Python 2.7 with pip, as $PYTHON2 or python2.7, and gets the suite from PyPI into
build/autobahn, unless it is there. Without CASE it runs groups 1 to 7, 9, 10, 12 and 13,
which takes about ten minutes.

The suite waits for echoes, which such a server never sends, and calls that a failure. What
counts here is how connections end: the suite closes those that must stay open, and the
server those in which a rule was broken, with the code that belongs to it. Since no echo
comes, waiting longer than 10 s for it is cut short. Prints the cases that went wrong and how
many went right. Exits with 1 when one went wrong, and with 111 when there is no suite.
"""
import glob
import json
import os
import pathlib
import re
import subprocess
import sys

HOME = pathlib.Path(__file__).resolve().parents[2] / "build" / "autobahn"
PYTHON = os.environ.get("PYTHON2", "python2.7")
GROUPS = [f"{group}.*" for group in (1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 13)]
AT_ONCE = 12  # runs of the suite, which mostly wait


def get():
    if (HOME / "suite" / "autobahntestsuite").is_dir():
        return
    suite = HOME / "suite"
    suite.mkdir(parents=True, exist_ok=True)
    install = [PYTHON, "-m", "pip", "install", "-q", "--target", suite, "autobahntestsuite==0.8.2"]
    try:
        subprocess.run(install, check=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"autobahn.py: no suite: {error}", file=sys.stderr)
        sys.exit(111)
    for case in glob.glob(f"{suite}/autobahntestsuite/case/case*.py"):
        text = pathlib.Path(case).read_text(encoding="utf-8")
        text = text.replace("closeAfter(self.WAITSECS)", "closeAfter(min(self.WAITSECS, 10))")
        pathlib.Path(case).write_text(text, encoding="utf-8")


def python2(program, *arguments, **options):
    program = f"import site; site.addsitedir({str(HOME / 'suite')!r}); {program}"
    return subprocess.Popen([PYTHON, "-c", program, *arguments], cwd=HOME, **options)


def expand(patterns):
    """The names of all cases that the patterns stand for."""
    program = ("import sys, autobahntestsuite.caseset as s, autobahntestsuite.case as c; "
               "print('\\n'.join(s.CaseSet('', 'Case', c.Cases, c.CaseCategories, "
               "c.CaseSubCategories).parseSpecCases({'cases': sys.argv[1:]})))")
    out, _ = python2(program, *patterns, stdout=subprocess.PIPE, text=True).communicate()
    return out.split()


def start(number, url, cases):
    spec = {"outdir": f"out{number}", "servers": [{"url": url, "agent": "it"}], "cases": cases,
            "exclude-cases": [], "exclude-agent-cases": {}}
    (HOME / f"spec{number}.json").write_text(json.dumps(spec), encoding="utf-8")
    program = "from autobahntestsuite.wstest import run; run()"
    return python2(program, "-m", "fuzzingclient", "-s", f"spec{number}.json",
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def is_right(report):
    """Whether the connection ended as the case demands, echoes apart."""
    if report["behaviorClose"] in ("OK", "INFORMATIONAL"):
        return report["wasClean"]
    # The suite has closed it, for want of an echo, with a code that the case does not expect.
    return report["closedByMe"] and report["wasClean"] and report["remoteCloseCode"] == 1001


def judge():
    right, wrong = 0, []
    for index in HOME.glob("out*/index.json"):
        for case, short in json.loads(index.read_text())["it"].items():
            report = json.loads((index.parent / short["reportfile"]).read_text())
            if is_right(report):
                right += 1
            else:
                wrong.append(f"{case}: {report['result']}; {report['resultClose']}")
    return right, wrong


def main(port, path, *patterns):
    get()
    for old in HOME.glob("out*/*"):
        old.unlink()
    cases = expand(patterns or GROUPS)
    url = f"ws://127.0.0.1:{port}{path}"
    runs = [start(i, url, cases[i::AT_ONCE]) for i in range(AT_ONCE) if cases[i::AT_ONCE]]
    for run in runs:
        run.wait()
    right, wrong = judge()
    for line in sorted(wrong, key=lambda s: [int(n) for n in re.findall(r"\d+", s)[:3]]):
        print(line)
    print(f"{right} right, {len(wrong)} wrong, of {len(cases)}")
    return right != len(cases)


sys.exit(main(*sys.argv[1:]))
