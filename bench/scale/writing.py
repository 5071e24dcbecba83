"""Keeps the results that come in as JSON, and writes the paper that is made of them."""

import json
import sys

import django

django.setup()

from bench.scale import paper  # noqa: E402 - the house's pictures need the set-up first

if __name__ == "__main__":
    paper.write(json.load(sys.stdin))
