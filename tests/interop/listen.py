"""Reads a certstream as the README of the certstream client for Python does.

Usage: listen.py URL. Prints the number of each certificate of which a message comes.
"""
import sys

import certstream


def print_callback(message, context):
    if message["message_type"] == "certificate_update":
        print(message["data"]["cert_index"], flush=True)


certstream.listen_for_events(print_callback, url=sys.argv[1])
