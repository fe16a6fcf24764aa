"""Prints what a text names and the tree does not have: files, tests, limits, manual pages, headings.

	named.py FILE...

in: texts in Markdown, or manual pages, as paths from the folder of the tree, which is the current one. out: a
line for each thing that is missing; on stderr how many things of each kind were looked up. What is looked up:

	files    words that begin with a folder of the tree, such as lib/enc/der.c, with * for any name; and
		 what links and pictures lead to
	headings #like-this in a link, also behind a file
	tests    titles in quotes behind the name of a file of tests/bats or tests/unit in backquotes:
		 `hub.bats`: "a title" "another"; without a title, the file
	limits   `MAX_SOMETHING`, which must stand in lib/ or in a tool
	pages    ct-something(1), where it is not another program's

Exits 0 whether or not something is missing.
"""
import collections
import pathlib
import re
import sys

FOLDERS = "bench contrib debian doc lib man scripts tests ct-fetch ct-parse ct-hub ct-ws ct-latest".split()
PATH = re.compile(r"(?<![\w/.*~$-])(?:\./)?((?:" + "|".join(FOLDERS) + r")/[\w./*@-]*[\w*])")
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
TEST = re.compile(r"`([\w-]+\.bats|test_\w+)`((?::?\s*(?:and )?\"[^\"]+\")*)")
PAGE = re.compile(r"(?:\b|\.Xr )(ct(?:-[a-z]+)?)[( ]([157])\b")
BUILT = re.compile(r"tests/(?:interop|reallogs)/(?:venv|build|node_modules)")  # what setup makes there


def anchors(path):
    """The headings of a text, as links name them."""
    found = re.findall(r"^#+ (.*)$", path.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-") for title in found}


def titles(name):
    """The titles of the tests in a file of tests/bats or tests/unit; None when there is no such file."""
    if name.endswith(".bats"):
        path = pathlib.Path("tests/bats", name)
        return path.is_file() and set(re.findall(r"^@test [\"'](.*)[\"'] \{", path.read_text(), re.M)) or None
    path = pathlib.Path("tests/unit", name + ".c")
    return path.is_file() and {t.replace("_", " ") for t in re.findall(r"RUN\((\w+)\)", path.read_text())} or None


def has_path(word):
    """Whether the tree has the file or folder; in * any name fits, and words in capitals stand for any."""
    if BUILT.match(word) or re.search(r"/[A-Z]+(/|$)", word):
        return True
    return any(pathlib.Path(".").glob(word)) if "*" in word else pathlib.Path(word).exists()


def missing(path, text, limits, count):
    """Yields what the text names and is missing, in words."""
    for word in PATH.findall(text):
        count["files"] += 1
        if not has_path(word):
            yield f"no file {word}"
    for target in filter(None, (a or b for a, b in LINK.findall(text))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        file = path.parent / file if file else path
        count["links"] += 1
        if not file.exists():
            yield f"no file {target}"
        elif anchor and anchor not in anchors(file):
            yield f"no heading {target}"
    for name, quoted in TEST.findall(text):
        known = titles(name)
        if known is None:
            yield f"no tests {name}"
            continue
        for title in re.findall(r'"([^"]+)"', quoted):
            count["tests"] += 1
            if " ".join(title.split()) not in known:
                yield f"no test in {name}: {title}"
    for limit in re.findall(r"`(MAX_\w+)`", text):
        count["limits"] += 1
        if limit not in limits:
            yield f"no limit {limit}"
    for name, section in PAGE.findall(text):
        count["pages"] += 1
        if not pathlib.Path("man", f"{name}.{section}").exists():
            yield f"no page {name}({section})"


def main():
    sources = [p for folder in FOLDERS if folder == "lib" or folder.startswith("ct-")
               for p in pathlib.Path(folder).rglob("*.[ch]")]
    limits = set(re.findall(r"\bMAX_\w+", "\n".join(p.read_text(errors="replace") for p in sources)))
    count = collections.Counter()
    for path in map(pathlib.Path, sys.argv[1:]):
        for line in sorted(set(missing(path, path.read_text(), limits, count))):
            print(f"{path}: {line}")
    print(", ".join(f"{n} {kind}" for kind, n in sorted(count.items())), file=sys.stderr)


main()
