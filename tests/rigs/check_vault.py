#!/usr/bin/env python3
"""What a power cut left of a vault: everything that was acknowledged must be there, whole.

  check_vault.py VAULTCTL VAULT ACKNOWLEDGEMENTS SCRATCH

The acknowledgements are the lines of `vaultctl ingest --json`. Checked are: the vault opens, verifies in full, its
ledger agrees with its catalogue, and holds every acknowledged recording; and the same for a catalogue made anew from
storage, ledger and keys alone, in SCRATCH. A vault whose making was cut off has acknowledged nothing.

Promises: the last line says how many were lost and what else is wrong; exit 0 only if nothing, 4 otherwise.
Never: changes what it checks but by opening it, as every program does.
Needs: nothing but the standard library.
"""

import json
import subprocess
import sys
from pathlib import Path


def main():
    program, vault, acknowledgements, scratch = sys.argv[1:5]
    acknowledged = set(recordings(Path(acknowledgements).read_bytes()))
    if not acknowledged and not (Path(vault) / "vault.json").exists():
        print("0 lost of 0; the vault was not made yet")
        return 0
    wrong = []
    # First, because opening the vault brings its ledger log up again from the catalogue.
    rebuilt = Path(scratch) / "rebuilt"
    made = call(program, vault, "rebuild", "--from", vault, "--into", str(rebuilt))
    if made.returncode == 0:
        wrong += [f"rebuilt: {what}" for what in missing(program, str(rebuilt), acknowledged)]
    else:
        wrong.append(f"rebuild ended with {made.returncode}: {said(made)}")
    wrong += check(program, vault, acknowledged)
    lost = sum("lost" in what for what in wrong)
    print(f"{lost} lost of {len(acknowledged)}" + "".join(f"; {what}" for what in wrong[:5]))
    return 4 if wrong else 0


def recordings(lines):
    for line in lines.splitlines():
        document = json.loads(line)
        if "accession_seq" in document:
            yield document["recording"]


def call(program, vault, *arguments):
    return subprocess.run([program, "--vault", vault, "--lang", "en", *arguments], capture_output=True, check=False)


def said(done):
    lines = (done.stderr or done.stdout).decode(errors="replace").splitlines()
    return " ".join(lines[:1])


def check(program, vault, acknowledged):
    wrong = missing(program, vault, acknowledged)
    for arguments in (("verify", "--all"), ("verify", "--all", "--keyless"), ("ledger", "verify")):
        done = call(program, vault, *arguments)
        if done.returncode != 0:
            wrong.append(f"{' '.join(arguments)} ended with {done.returncode}: {said(done)}")
    return wrong


def missing(program, vault, acknowledged):
    listed = call(program, vault, "list", "--json")
    if listed.returncode != 0:
        return [f"list ended with {listed.returncode}: {said(listed)}"]
    held = {one["recording"] for one in json.loads(listed.stdout)["recordings"]}
    return [f"{recording} is lost" for recording in sorted(acknowledged - held)]


if __name__ == "__main__":
    sys.exit(main())
