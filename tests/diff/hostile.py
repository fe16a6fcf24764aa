#!/usr/bin/env python3
"""Makes hostile entries, and judges what comes out of ct-parse for them.

    hostile.py cut <entries     prints each of the first few entries many times: with
                                its certificate cut off at every byte, in framing that
                                fits, and with leaf_input and extra_data cut off at
                                every seventh byte
    hostile.py flip N <entries  prints N copies of each entry with 1 to 8 bits changed
    hostile.py bend N <entries  prints N copies of each line with its text changed
    hostile.py respond <entries prints get-entries responses of several entries each, with
                                items between them that are broken or not entries
    hostile.py units <lines     prints what ct-parse must write for each line N: "entry N"
                                for a record, "other N" for each other thing in it
    hostile.py wrap <certs      prints an entry for each line that has a "der"
    hostile.py judge <records   exits with 1 at a line that is not JSON in UTF-8, or else
                                prints how many records there are of each kind

The same input always gives the same output.
"""
import base64
import collections
import json
import random
import sys

FEW = 4		# entries that cut reads


def put(out, leaf, extra):
    out.write('{"leaf_input":"%s","extra_data":"%s"}\n' % (
        base64.b64encode(leaf).decode(), base64.b64encode(extra).decode()))


def u24(n):
    return n.to_bytes(3, 'big')


def x509_leaf(der):
    return bytes(12) + u24(len(der)) + der + b'\0\0'


def certificate(leaf):
    """The head of a leaf_input before the length, and its certificate or TBSCertificate."""
    at = 12 if leaf[11] == 0 else 44
    size = int.from_bytes(leaf[at:at + 3], 'big')
    return leaf[:at], leaf[at + 3:at + 3 + size]


def cut(entries, out):
    for leaf, extra in sorted(entries, key=lambda e: len(e[0]))[:FEW]:
        head, der = certificate(leaf)
        for n in range(len(der) + 1):
            put(out, head + u24(n) + der[:n] + b'\0\0', extra)
        for n in range(0, len(leaf), 7):
            put(out, leaf[:n], extra)
        for n in range(0, len(extra), 7):
            put(out, leaf, extra[:n])


def flip(entries, out, copies):
    for leaf, extra in entries:
        for _ in range(copies):
            both = bytearray(leaf + extra)
            for _ in range(random.randint(1, 8)):
                both[random.randrange(len(both))] ^= 1 << random.randrange(8)
            put(out, both[:len(leaf)], both[len(leaf):])


def bend(lines, out, copies):
    for line in lines:
        for _ in range(copies):
            text = bytearray(line.rstrip(b'\n'))
            for _ in range(random.randint(1, 3)):
                at = random.randrange(len(text))
                byte = random.choice(b'"\\{}[],:u0\x00\x01\xff\xc0\xed')
                text[at:at + random.randint(0, 1)] = bytes([byte])
            out.buffer.write(text.replace(b'\n', b' ') + b'\n')


# Items of a response: of the first, each is no entry, of the others each owes a record.
NO_ENTRIES = ('null', '{}', '[]', '"AAAA"', '0', '{"leaf_input":0,"extra_data":""}',
              '{"leaf_input":"AAAA"}', '{"extra_data":"AAAA"}',
              '{"leaf_input":null,"extra_data":"AAAA"}', '[{"leaf_input":"","extra_data":""}]')
BROKEN_ENTRIES = ('{"leaf_input":"AAAAA","extra_data":""}', '{"leaf_input":"","extra_data":""}',
                  '{"leaf_input":"AA=A","extra_data":"AAAA"}', '{"leaf_input":"~~~~","extra_data":""}',
                  '{"extra_data":"AAAA","leaf_input":"//////////8AAA=="}')


def respond(lines, out):
    lines = [line.strip() for line in lines]
    for at in range(0, len(lines), 4):
        items = lines[at:at + 4]
        for _ in range(random.randint(1, 4)):
            items.insert(random.randint(0, len(items)), random.choice(NO_ENTRIES + BROKEN_ENTRIES))
        out.write('{"entries":[%s]}\n' % ','.join(items))


def is_entry(value):
    return isinstance(value, dict) and all(
        isinstance(value.get(key), str) for key in ('leaf_input', 'extra_data'))


def no_json(word):
    raise ValueError(word)	# NaN and Infinity, which Python reads


def units(lines, out):
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line.decode('utf-8'), parse_constant=no_json)
        except ValueError:
            value = None
        if isinstance(value, dict) and isinstance(value.get('entries'), list):
            items = value['entries']
        else:
            items = [value]
        for item in items:
            out.write('%s %d\n' % ('entry' if is_entry(item) else 'other', number))


def judge(lines):
    kinds = collections.Counter()
    for number, line in enumerate(lines, 1):
        try:
            kinds[json.loads(line.decode('utf-8'))['message_type']] += 1
        except (ValueError, KeyError, TypeError) as why:
            sys.exit('line %d: %s: %r' % (number, why, line[:2000]))
    print(*('%s %d' % kind for kind in sorted(kinds.items())), sep='\n')


def main(command, copies='1'):
    random.seed('ct')
    if command == 'judge':
        judge(sys.stdin.buffer)
    elif command == 'bend':
        bend(sys.stdin.buffer, sys.stdout, int(copies))
    elif command == 'respond':
        respond(sys.stdin, sys.stdout)
    elif command == 'units':
        units(sys.stdin.buffer, sys.stdout)
    elif command == 'wrap':
        for line in sys.stdin:
            put(sys.stdout, x509_leaf(base64.b64decode(json.loads(line)['der'])), bytes(3))
    else:
        lines = [json.loads(line) for line in sys.stdin]
        entries = [(base64.b64decode(e['leaf_input']), base64.b64decode(e['extra_data']))
                   for e in lines]
        if command == 'cut':
            cut(entries, sys.stdout)
        else:
            flip(entries, sys.stdout, int(copies))


main(*sys.argv[1:])
