#!/usr/bin/env python3
"""Draws the lots of an inspection again, from docs/formats/draw.md alone; says whether they agree.

recompute.py INSPECTION.json POPULATION.txt
INSPECTION.json is `vaultctl inspection show --json`, POPULATION.txt `vaultctl inspection population`.
"""
import hashlib
import json
import sys


def sha256(*lines):
    text = "".join(f"{line}\n" for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def drawn(seed, population, proportion, minimum):
    strata = {}
    for line in population:
        item, stratum = line.split(" ", 1)
        strata.setdefault(stratum, []).append((sha256(f"{seed} {item}"), item))
    lots = []
    for tickets in strata.values():
        share = max(minimum, -(-len(tickets) * proportion // 10000))
        lots += sorted(tickets)[:share]
    return [item for _, item in sorted(lots)]


def wrong(view, population):
    """What does not agree; empty if all does."""
    def order(line):
        item, stratum = line.split(" ", 1)
        return stratum.encode(), item

    found = []
    numbers = {}
    for bound in view["bound"]:
        party, number = bound["party"], bound["number"]
        numbers[party] = number
        opened = sha256("vault inspection commitment v1", view["inspection"], party, number)
        if opened != bound["commitment"]:
            found.append(f"commitment of {party}")
    digest = sha256(*sorted(population, key=order))
    if digest != view["frozen"]["population"]:
        found.append("population")
    seed = sha256("vault inspection seed v1", view["inspection"], digest,
                  numbers["inspector"], numbers["inspected"], view["drawn"]["root"])
    if seed != view["drawn"]["seed"]:
        found.append("seed")
    if drawn(seed, population, view["proportion"], view["minimum"]) != view["lots"]:
        found.append("lots")
    return found


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        shown = json.load(file)
    with open(sys.argv[2], encoding="utf-8", newline="\n") as file:
        lines = file.read().split("\n")[:-1]
    problems = wrong(shown, lines)
    print("agrees" if not problems else "differs: " + ", ".join(problems))
    sys.exit(1 if problems else 0)
