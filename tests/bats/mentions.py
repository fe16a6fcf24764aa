"""Prints each option that a text gives to one of our tools and that the tool does not have.

	mentions.py FOLDER FILE...

FOLDER has TOOL.zsh, what each tool prints for --completion zsh. In the FILEs, a command line is the name of a
tool and the options behind it, as a shell or a manual page writes them. Besides, each word --like-this must be
an option of a tool, of one of our scripts, or of FOREIGN.
"""
import pathlib
import re
import sys

# Options of programs of others that our texts show.
FOREIGN = set(
    "--unbuffered --line-buffered --sub --dial --raw --req --data --passenv --now --compressed --args"
    " --config --storage --build-arg --cgidir".split()
)
WORD = re.compile(r"""--?[A-Za-z0-9][A-Za-z0-9-]*""")


def table(text):
    """The options of a tool, each with whether it takes a value."""
    found = {}
    for letter, plus, name, value in re.findall(r"\{-(.)(\+?),--([a-z-]+)(=?)\}", text):
        found["-" + letter] = found["--" + name] = bool(value)
    for name, value in re.findall(r"'\*--([a-z-]+)(=?)\[", text):
        found["--" + name] = bool(value)
    return found


def wrong_in(words, options):
    """The first option of a command line that is not in the table, or None."""
    words = iter(words)
    for word in words:
        word = word.strip("\"'`()[],.;:")
        if not WORD.fullmatch(word.split("=")[0]):
            return None
        name = word.split("=")[0]
        if name.startswith("--"):
            if name not in options:
                return name
            if options[name] and "=" not in word:
                next(words, None)
            continue
        for i, letter in enumerate(name[1:], 1):
            if "-" + letter not in options:
                return "-" + letter
            if options["-" + letter]:
                if i == len(name) - 1:
                    next(words, None)
                break
    return None


def lines_of(path):
    """The lines of a file, continued ones joined; of a manual page as they read."""
    text = path.read_text(errors="replace").replace("\\\n", " ")
    for number, line in enumerate(text.split("\n"), 1):
        if re.search(r"\.[157]$", path.name):
            line = line.replace("\\-", "-").replace("\\&", "")
        yield number, line


def main():
    folder, *files = map(pathlib.Path, sys.argv[1:])
    tables = {p.stem: table(p.read_text()) for p in folder.glob("*.zsh")}
    assert len(tables) == 5 and all(len(t) > 10 for t in tables.values()), tables
    known = FOREIGN.union(*tables.values())
    for script in pathlib.Path("scripts").iterdir():
        known.update(re.findall(r"--[a-z][a-z-]+", script.read_text()) if script.is_file() else [])
    commands = 0
    for path in files:
        for number, line in lines_of(path):
            if "--entry-->" in line:
                continue  # a drawing
            for match in re.finditer(r"(?<![\w/.-])(?:[\w./]*/)?(ct-(?:fetch|parse|hub|ws|latest))(?![\w-])(?=((?:\s+\S+)*))", line):
                rest = re.split(r"[|<>&;#]|(?<=\s)ct-", match.group(2))[0].split()
                commands += bool(rest and rest[0].startswith("-"))
                wrong = wrong_in(rest, tables[match.group(1)])
                if wrong:
                    print(f"{path}:{number}: {match.group(1)} has no {wrong}")
            for word in re.findall(r"(?<![\w-])--[a-z][a-z-]+[a-z]", line):
                if word not in known and path.name != "MIGRATING.md":  # it has those of other servers
                    print(f"{path}:{number}: nothing has {word}")
    print(f"{commands} command lines", file=sys.stderr)


main()
