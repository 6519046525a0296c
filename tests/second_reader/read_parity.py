#!/usr/bin/env python3
"""Reads the parity of a volume from vault-core/src/volume/parity-format.txt alone: that what stands on every disc is so.

Takes an image; holds its table to the layout, and the parity of its first column, at some elements of every shard,
to the equations. Exit code 0 where all agrees, 4 where not. Knows nothing of the program that wrote it.
"""

import struct
import sys

from blake3 import blake3

CHUNK, BLOCK, PAYLOAD, MAGIC = 65536, 4096, 4064, b"EVPARIT1"
DATA, PARITY, POINTS = 200, 40, 64
FIELD = 0x1002D
BASIS = [int(one, 16) for one in (
    "0001 ACCA 3C0E 163E C582 ED2E 914C 4012 6C98 10D8 6A72 B900 FDB8 FB34 FF38 991E").split()]
ELEMENTS = [0, 31, 32, 1000, 20000, 32767]


def product(one, other):
    result = 0
    while other:
        if other & 1:
            result ^= one
        one <<= 1
        if one & 0x10000:
            one ^= FIELD
        other >>= 1
    return result


def inverse(one):
    result, power = 1, 65534
    while power:
        if power & 1:
            result = product(result, one)
        one = product(one, one)
        power >>= 1
    return result


def element(bits):
    result = 0
    for at, number in enumerate(BASIS):
        if bits >> at & 1:
            result ^= number
    return result


def taken(chunk, at):
    unit, inside = divmod(at, 32)
    return element(chunk[unit * 64 + inside] | chunk[unit * 64 + 32 + inside] << 8)


def lagrange(own, at, points):
    above, below = 1, 1
    for point in points[:POINTS]:
        if point != points[own]:
            above, below = product(above, at ^ point), product(below, points[own] ^ point)
    return product(above, inverse(below))


def block(image, place, number):
    """The content of a block, if its digest says so."""
    whole = image[place:place + BLOCK]
    content = whole[:PAYLOAD]
    fits = blake3(MAGIC + struct.pack("<Q", number) + content).digest() == whole[PAYLOAD:]
    return content if fits else None


def main():
    with open(sys.argv[1], "rb") as file:
        image = file.read()
    header = block(image, len(image) - BLOCK, 2**64 - 1)
    if header is None or header[:8] != MAGIC:
        return 4
    chunks, shard = struct.unpack("<QQ", header[8:24])
    blocks = ((chunks + PARITY * shard) * 32 + PAYLOAD - 1) // PAYLOAD
    space = ((1 + blocks) * BLOCK + CHUNK - 1) // CHUNK * CHUNK
    table, begins = chunks * CHUNK, chunks * CHUNK + space
    contents = [block(image, table + BLOCK * (1 + at), at) for at in range(blocks)]
    if None in contents or len(image) != begins + PARITY * shard * CHUNK + space:
        return 4
    digests = b"".join(contents)
    places = [at * CHUNK for at in range(chunks)] + [begins + at * CHUNK for at in range(PARITY * shard)]
    for number, place in enumerate(places):
        if blake3(image[place:place + CHUNK]).digest() != digests[number * 32:number * 32 + 32]:
            return 4
    data = [image[at * shard * CHUNK:][:CHUNK] if at * shard < chunks else bytes(CHUNK) for at in range(DATA)]
    points = [element(at) for at in range(POINTS + DATA)]
    for own in range(0, PARITY, 13):
        parity = image[begins + own * shard * CHUNK:][:CHUNK]
        factors = [lagrange(own, points[POINTS + at], points) for at in range(DATA)]
        for at in ELEMENTS:
            found = 0
            for chunk, factor in zip(data, factors):
                found ^= product(taken(chunk, at), factor)
            if found != taken(parity, at):
                return 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
