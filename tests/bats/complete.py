"""Types into an interactive shell on a terminal of its own, and prints what became of the words.

	complete.py SHELL SETUP LINE...

SETUP is typed first. In each LINE, "<TAB>" stands for that key. What a LINE then runs must end what it
prints with "<end>"; what it has printed since "<begin>" is printed here, a line for each LINE.
"""
import os
import pty
import select
import sys
import time

START = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}


def read_until(fd, what, seconds):
    """Reads from the terminal until `what` has come, and returns what has come."""
    got, end = b"", time.monotonic() + seconds
    while what not in got:
        left = end - time.monotonic()
        if left < 0 or not select.select([fd], [], [], left)[0]:
            sys.exit("the shell has not written %r, but %r" % (what, got))
        got += os.read(fd, 65536)
    return got


def read_until_quiet(fd):
    """Reads from the terminal until nothing has come for a quarter of a second."""
    while select.select([fd], [], [], 0.25)[0]:
        os.read(fd, 65536)


def type_line(fd, line):
    """Types a line with its tabs. Returns what the command has printed."""
    first, *rest = line.split("<TAB>")
    os.write(fd, first.encode())
    for part in rest:
        os.write(fd, b"\t")
        read_until_quiet(fd)
        os.write(fd, part.encode())
    os.write(fd, b"\n")
    got = read_until(fd, b"<end>", 20)
    return got[got.rindex(b"<begin>") + 7:].partition(b"<end>")[0].decode()


def main():
    shell, setup, *lines = sys.argv[1:]
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="dumb", PS1="$ ", INPUTRC="/dev/null", HISTFILE="")
        os.execvp(shell, START[shell])
    os.write(fd, setup.encode() + b"; echo set''up\n")
    read_until(fd, b"setup", 20)
    for line in lines:
        print(type_line(fd, line))
    os.close(fd)
    os.waitpid(pid, 0)


main()
