"""Reads of a certstream what phishing_catcher reads, in both ways that it has had.

Usage: catch.py URL. Prints for each certificate its names, the organization of its issuer,
and, where the message has a chain, the subject of the first certificate in it.
"""
import sys

import certstream


def callback(message, context):
    if message["message_type"] == "heartbeat":
        return
    if message["message_type"] == "certificate_update":
        all_domains = message["data"]["leaf_cert"]["all_domains"]
        names = [domain.lower() for domain in all_domains]
        free = "Let's Encrypt" == message["data"]["leaf_cert"]["issuer"]["O"]
        issuer = message["data"]["leaf_cert"]["issuer"]["O"]
        chain = message["data"].get("chain")
        above = chain[0]["subject"]["aggregated"] if chain else None
        print(" ".join(names), free, issuer, above, sep="\t", flush=True)


certstream.listen_for_events(callback, url=sys.argv[1])
