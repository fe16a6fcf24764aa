#!/usr/bin/env python3
"""
Pastes the commands of a README into a shell, line by line, as its reader would:

    paste.py [--without NAME]... [--line LINE]... README SHELL [ARGUMENT...]

in: the blocks of sh in README. A comment before each block says how it is run:

    <!-- run -->                       each line ends by itself and prints something
    <!-- run: until Ctrl-C -->         the last line goes on until Ctrl-C
    <!-- run: until the second Ctrl-C -->  the same, and it may need two of them
    <!-- run: may be silent -->        printing nothing is no failure
    <!-- run: needs NAME -->           left out with --without NAME
    <!-- not run: REASON -->           left out
    <!-- run: in the first terminal -->  left out: the caller runs it beforehand

SHELL is an interactive bash, which gets a terminal of its own, and LINE is pasted
first. Several words of a comment are joined by commas.

out: TAP, one test for each block. A block fails when a line of it ends with
another status than 0 (130 after Ctrl-C), takes longer than MAX_SECONDS, prints
nothing, or prints what looks like a failure. Exits 0 when no block has failed.
"""
import atexit
import os
import pty
import re
import select
import signal
import sys
import termios
import time

MAX_SECONDS = 120       # for one line to end, or to print something
END_SECONDS = 20        # for a line to end after Ctrl-C
SILENT_SECONDS = 8      # how long a line may be silent that need not print
# A prompt, behind which what runs in the background may have written something.
PROMPT = re.compile(rb"@@(\d+)@@ ")
MORE = b"@@more@@ "
# What is shown beside results: notes about jobs, of our tools and of clients.
NOTE = re.compile(rb"^\[\d+\].*$|^ct-\w+: .*$|^\[INFO.*$|^.*Connected to ws:.*$|@@more@@ |\x1b.", re.M)
WRONG = re.compile(rb"not found|No such file|[Ff]atal|[Ee]rror:|Traceback|refused|[Cc]annot|usage:")


def blocks(path):
    """Yields (comment, lines) for each block of sh in the file."""
    comment, inside, lines = "", False, []
    for line in open(path, encoding="utf-8").read().split("\n"):
        if inside and line == "```":
            inside = False
            yield comment, lines
            comment = ""
        elif inside:
            lines.append(line)
        elif line == "```sh":
            inside, lines = True, []
        elif line.startswith("<!-- "):
            comment = line[5:].removesuffix(" -->")


class Terminal:
    """An interactive shell on a terminal that does not echo."""

    def __init__(self, command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # A background job of a shell has Ctrl-C ignored, and would hand that on.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.environ.update(PS1="@@$?@@ ", PS2=MORE.decode(), TERM="dumb")
            os.environ.pop("PROMPT_COMMAND", None)
            os.execvp(command[0], command)
        mode = termios.tcgetattr(self.fd)
        mode[3] &= ~termios.ECHO
        termios.tcsetattr(self.fd, termios.TCSANOW, mode)

    def read(self, seconds):
        """Returns what the terminal shows within that time; b"" when it is silent."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self.fd, 65536).replace(b"\r\n", b"\n")
        except OSError:
            sys.exit("Bail out! the shell has ended")

    def send(self, text):
        os.write(self.fd, text.encode())

    def prompt(self, seconds, shown=b""):
        """Waits for a prompt. Returns (status or None, output before it)."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            end = PROMPT.search(shown)
            if end:
                return int(end.group(1)), shown[:end.start()]
            if MORE in shown:
                return 0, shown
            shown += self.read(0.2)
        return None, shown

    def shows(self, seconds, silent):
        """Returns what is shown until that time, or until there is a result."""
        until = time.monotonic() + seconds
        shown = b""
        while time.monotonic() < until and (silent or not NOTE.sub(b"", shown).strip()):
            shown += self.read(0.2)
        return shown

    def close(self):
        """Kills all that runs in the session of the shell, which comes last."""
        for name in sorted(filter(str.isdigit, os.listdir("/proc")), key=lambda n: int(n) == self.pid):
            try:
                session = open(f"/proc/{name}/stat").read().rpartition(") ")[2].split()[3]
                if int(session) == self.pid:
                    os.kill(int(name), signal.SIGKILL)
            except OSError:
                pass


def paste_line(terminal, line, endless, silent, interrupts):
    """Pastes one line, which may need so many Ctrl-C. Returns (reason or None, what it has shown)."""
    terminal.read(0.1)      # what came behind the last prompt
    terminal.send(line + "\n")
    if not endless:
        status, shown = terminal.prompt(MAX_SECONDS)
        return (None if status == 0 else f"ended with {status}: {line}"), shown
    shown = terminal.shows(SILENT_SECONDS if silent else MAX_SECONDS, silent)
    shown += terminal.read(1)
    if PROMPT.search(shown):
        return f"ended before Ctrl-C: {line}", shown
    status = None
    for wait in (2, END_SECONDS)[-interrupts:]:
        terminal.send("\x03")
        status, _ = terminal.prompt(wait)
        if status is not None:
            break
    return (None if status in (0, 130) else f"ended with {status} after Ctrl-C: {line}"), shown


def paste_block(terminal, comment, lines):
    """Pastes a block. Returns (reason or None, what it has shown)."""
    silent = "may be silent" in comment
    interrupts = 2 if "the second Ctrl-C" in comment else 1
    shown = b""
    for number, line in enumerate(lines, 1):
        endless = "Ctrl-C" in comment and number == len(lines)
        why, more = paste_line(terminal, line, endless, silent, interrupts)
        shown += more
        if why:
            return why, shown
    if WRONG.search(shown):
        return "what it shows looks like a failure", shown
    if not silent and not comment.endswith("needs the Python client") and not NOTE.sub(b"", shown).strip():
        return "it shows nothing", shown
    return None, shown


def main():
    arguments = sys.argv[1:]
    without, first = [], []
    while arguments and arguments[0].startswith("--"):
        {"--without": without, "--line": first}[arguments[0]].append(arguments[1])
        arguments = arguments[2:]
    terminal = Terminal(arguments[1:])
    atexit.register(terminal.close)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if terminal.prompt(60)[0] is None:
        sys.exit("Bail out! the shell shows no prompt")
    todo = [("run, may be silent", [line]) for line in first] + list(blocks(arguments[0]))
    print(f"1..{len(todo)}", flush=True)
    failed = 0
    for number, (comment, lines) in enumerate(todo, 1):
        missing = [name for name in without if f"needs {name}" in comment]
        if not comment.startswith("run") or "first terminal" in comment or missing:
            why = f"no {missing[0]} here" if missing else comment or "no comment"
            print(f"ok {number} - {lines[0]} # skip {why}", flush=True)
            continue
        why, shown = paste_block(terminal, comment, lines)
        print(f"{'not ok' if why else 'ok'} {number} - {lines[0]}", flush=True)
        if why:
            failed += 1
            text = shown[-4000:].decode(errors="replace")
            print(f"# {why}\n# " + text.replace("\n", "\n# "), flush=True)
            if " None" in why:
                print("Bail out! a line does not end")
                break
    return 1 if failed else 0


sys.exit(main())
