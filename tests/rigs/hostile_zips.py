#!/usr/bin/env python3
"""Makes zip files that lie out of a good court package: names that climb, links, overlaps, bombs.

Usage: hostile_zips.py GOOD.zip DIRECTORY. Promises about two dozen archives in DIRECTORY, each of which a verifier
must refuse. Never writes anywhere else. Used by tests/it/package/tricks.rs.
"""
import struct, sys, zipfile, zlib
good, out = sys.argv[1], sys.argv[2]
source = zipfile.ZipFile(good)
entries = [(i.filename, source.read(i)) for i in source.infolist()]
raw = open(good, "rb").read()

def write(name, change):
    with zipfile.ZipFile(f"{out}/{name}.zip", "w") as z:
        for entry, content in change(list(entries)):
            z.writestr(entry, content)

def with_extra(entry):
    return lambda all: all + [(entry, b"extra")]

top = entries[0][0].split("/")[0]
for name, entry in {"climbs": f"{top}/../../evil", "absolute": "/tmp/evil", "backslash": f"{top}/data\\evil",
                    "outside": "evil", "drive": f"{top}/C:evil", "folded": f"{top}/DATA/checkpoint"}.items():
    write(name, with_extra(entry))
write("twice", lambda all: all + [(all[0][0], b"another")])
link = zipfile.ZipInfo(f"{top}/data/forms/link.pdf")
link.create_system, link.external_attr = 3, 0o120777 << 16
write("link", with_extra(link))
write("empty", lambda all: [])

def patched(name, at, piece):
    changed = bytearray(raw)
    changed[at:at + len(piece)] = piece
    open(f"{out}/{name}.zip", "wb").write(changed)

central = raw.index(b"PK\x01\x02")
second = raw.index(b"PK\x01\x02", central + 4)
patched("encrypted", central + 8, b"\x01\x08")
patched("method", central + 10, b"\x0c\x00")
patched("overlap", second + 42, raw[central + 42:central + 46])
patched("far", central + 42, b"\xf0\xff\xff\x7f")
end = raw.rindex(b"PK\x05\x06")
patched("miscounted", end + 8, struct.pack("<HH", 3, 3))
patched("other-name", 30, b"X")
open(f"{out}/prefixed.zip", "wb").write(b"#!/bin/sh\nexit\n" + raw)
open(f"{out}/two-ends.zip", "wb").write(raw + raw[end:])

with zipfile.ZipFile(f"{out}/bomb.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for entry, content in entries:
        z.writestr(entry, content)
    with z.open(f"{top}/data/forms/zeros.pdf", "w", force_zip64=True) as zeros:
        for _ in range(1536):
            zeros.write(bytes(1 << 20))

def header(name, content, plain, method):
    return struct.pack("<IHHHHHIIIHH", 0x04034b50, 20, 0x800, method, 0, 33, 0, len(content), plain, len(name), 0) + name


def entry_of(name, content, plain, method, at):
    return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 20, 20, 0x800, method, 0, 33, 0, len(content), plain, len(name), 0,
                       0, 0, 0, 0, at) + name


def appended(file, local, extra_entries):
    """The good archive with more bytes after its entries, and more entries in its directory."""
    directory = raw[central:end] + b"".join(extra_entries)
    count = len(entries) + len(extra_entries)
    ending = struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, count, count, len(directory), central + len(local), 0)
    open(f"{out}/{file}.zip", "wb").write(raw[:central] + local + directory + ending)


# An entry that unpacks to more than it declares.
packed = zlib.compressobj(9, zlib.DEFLATED, -15)
piece = packed.compress(bytes(50 << 20)) + packed.flush()
name = f"{top}/data/forms/liar.pdf".encode()
appended("liar", header(name, piece, 10, 8) + piece, [entry_of(name, piece, 10, 8, central)])
# An entry inside the bytes of another.
outer, inner = f"{top}/data/forms/outer.pdf".encode(), f"{top}/data/forms/inner.pdf".encode()
held = header(inner, b"twice", 5, 0) + b"twice"
local = header(outer, held, len(held), 0)
appended("nested", local + held, [entry_of(outer, held, len(held), 0, central),
                                  entry_of(inner, b"twice", 5, 0, central + len(local))])
with zipfile.ZipFile(f"{out}/many.zip", "w") as z:
    for number in range(250000):
        z.writestr(f"p/data/{number}", b"")
