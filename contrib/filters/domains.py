# What the filters in Python share: the names in events, and registered domains.
#
# in: events of any form, and the public suffix list (https://publicsuffix.org/list/) as Debian's
# package publicsuffix has it, or $PUBLIC_SUFFIX_LIST
import json
import os
import signal
import sys

# End as other filters do: without a word, at Ctrl-C and when the reader has left.
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)

LIST = "/usr/share/publicsuffix/public_suffix_list.dat"
LONGEST = 253       # characters of a name in the DNS; strangers write longer ones into certificates


def events(lines):
    """Each record of the lines, parsed."""
    for line in lines:
        yield json.loads(line)


def names(record):
    """The names in an event that the DNS can hold; a record of another kind has none."""
    data = record.get("data")
    found = data if isinstance(data, list) else ((data or {}).get("leaf_cert") or {}).get("all_domains") or []
    return [name for name in found if len(name) <= LONGEST]


def a_label(label):
    """A label in the ASCII form that certificates have."""
    return label if label.isascii() else "xn--" + label.encode("punycode").decode()


def u_label(label):
    """A label in the form that people see."""
    try:
        return label[4:].encode().decode("punycode") if label.startswith("xn--") else label
    except UnicodeError:
        return label


class Suffixes:
    """The public suffixes: the rules of the list, by which a suffix may have more than one label."""

    def __init__(self, path=os.environ.get("PUBLIC_SUFFIX_LIST", LIST)):
        try:
            with open(path, encoding="utf-8") as file:
                lines = [line.split()[0].lower() for line in file if line.strip() and not line.startswith("//")]
        except OSError as error:
            sys.exit(f"{path}: {error.strerror}; Debian has it in the package publicsuffix")
        self.rules = {".".join(map(a_label, line.split("."))) for line in lines}

    def split(self, name):
        """Splits a name into the labels in front of its suffix, and the suffix. A wildcard is left out."""
        labels = [a_label(label) for label in name.lower().rstrip(".").removeprefix("*.").split(".")]
        for at in range(len(labels)):       # the longest suffix first
            suffix = ".".join(labels[at:])
            if "!" + suffix in self.rules:
                return labels[:at + 1], ".".join(labels[at + 1:])
            if suffix in self.rules or ".".join(["*"] + labels[at + 1:]) in self.rules:
                return labels[:at], suffix
        return labels[:-1], labels[-1]

    def registered(self, name):
        """The suffix and one label more, which is what somebody can register; None for a suffix alone."""
        labels, suffix = self.split(name)
        return f"{labels[-1]}.{suffix}" if labels and labels[-1] else None
