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
# An entry that unpacks to more than it declares.
packed = zlib.compressobj(9, zlib.DEFLATED, -15)
piece = packed.compress(bytes(50 << 20)) + packed.flush()
name = f"{top}/data/forms/liar.pdf".encode()
local = struct.pack("<IHHHHHIIIHH", 0x04034b50, 20, 0x800, 8, 0, 33, 0, len(piece), 10, len(name), 0) + name + piece
entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 20, 20, 0x800, 8, 0, 33, 0, len(piece), 10, len(name), 0, 0, 0, 0, 0,
                    central) + name
body = raw[:central] + local + raw[central:end] + entry
count = len(entries) + 1
open(f"{out}/liar.zip", "wb").write(body + struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, count, count,
    end - central + len(entry), central + len(local), 0))
with zipfile.ZipFile(f"{out}/many.zip", "w") as z:
    for number in range(250000):
        z.writestr(f"p/data/{number}", b"")
