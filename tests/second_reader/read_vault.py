#!/usr/bin/env python3
"""The second reader: reads a whole vault with none of the vault's own code.

It is written from docs/formats/{store,keys,event,ledger,ledger-log}.md alone, so that whoever has
those documents, the vault and its key can get every recording out and check the ledger without us.

    read_vault.py VAULT [--key VERIFIER-KEY]

Promises: one JSON line per recording {"recording","bytes","ok"}, with "shredded" if its key was
  destroyed, and one per finding {"finding","at","why"}; exit 0 if there is no finding, else 4.
  Whatever cannot be read is a finding, never a traceback.
Never: writes into the vault, repairs anything, calls one copy sound because another is.
Serves A3.16 and A2.19 (nothing is lost or altered unseen).
"""
import argparse
import base64
import contextlib
import hashlib
import json
import re
import struct
import sys
from pathlib import Path
from unicodedata import category

import zstandard
from blake3 import blake3
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BLOCK, EXTENT, FRAME = 262_144, 16_777_216, 1_048_576
LIVE, DESTROYED = 1, 2
OBJECT, PAYLOAD = 1, 2
SEGMENT_SLOTS, SEGMENT_EVENTS = 65_536, 16_384
LEAF_MAX, SEALED_MAX = 61_440, 1_048_576
DIGITS = re.compile(r"[0-9a-f]{64}")


class Broken(Exception):
    """What was read is not what the format says."""


def require(holds, why):
    if not holds:
        raise Broken(why)


class Report:
    """The lines on standard output. A fault of one part is a finding; the rest is still read."""

    def __init__(self):
        self.found = 0

    def line(self, **fields):
        print(json.dumps(fields, ensure_ascii=False), flush=True)

    def finding(self, kind, at, why):
        self.found += 1
        self.line(finding=kind, at=str(at), why=why)

    @contextlib.contextmanager
    def part(self, kind, at):
        try:
            yield
        except InvalidTag:
            self.finding(kind, at, "the cipher's tag does not match")
        except Exception as fault:  # Bytes of any kind may lie here; none may stop the rest.
            self.finding(kind, at, str(fault) or type(fault).__name__)


def ceil_div(number, by):
    return -(-number // by)


# --- Canonical JSON (event.md §1) -----------------------------------------------------------------


def canonical(data):
    """The value of `data`, refused unless a writer would have written exactly these bytes."""
    require(len(data) <= 64 << 20, "JSON of more than 64 MiB")

    def refuse(text):
        raise Broken(f"JSON: {text} is not allowed")

    try:
        value = json.loads(data.decode(), parse_float=refuse, parse_constant=refuse)
    except RecursionError:
        raise Broken("JSON: nested too deeply") from None

    def ordered(node, depth):
        require(depth <= 33, "JSON: nested too deeply")
        if isinstance(node, dict):
            keys = sorted(node, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
            return {key: ordered(node[key], depth + 1) for key in keys}
        if isinstance(node, list):
            return [ordered(entry, depth + 1) for entry in node]
        require(not isinstance(node, int) or abs(node) < 1 << 53, "JSON: an integer beyond 2^53")
        return node

    written = json.dumps(ordered(value, 1), ensure_ascii=False, separators=(",", ":")).encode()
    require(written == data, "JSON is not canonical")
    return value


def is_text(value):
    return isinstance(value, str)


def is_flag(value):
    return isinstance(value, bool)


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def is_count(value):
    return is_integer(value) and value >= 0


def is_digest(value):
    return is_text(value) and DIGITS.fullmatch(value) is not None


def fields(value, checks, what):
    """Refuses an object that has other fields than `checks`, or a value that its check refuses."""
    require(isinstance(value, dict) and value.keys() == checks.keys(), f"{what}: fields")
    for name, check in checks.items():
        require(check(value[name]), f"{what}: {name}")
    return value


# --- BLAKE3 tables (store.md §1) ------------------------------------------------------------------

BLAKE3_IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
             0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
BLAKE3_ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
BLAKE3_LANES = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))


def blake3_parent(left, right, is_root):
    """The node over two chaining values: BLAKE3 paper §2.2, flags PARENT (4) and ROOT (8)."""
    words = struct.unpack("<16I", left + right)
    state = [*BLAKE3_IV, *BLAKE3_IV[:4], 0, 0, 64, 4 | (8 if is_root else 0)]
    for _ in range(7):
        for lane, (a, b, c, d) in enumerate(BLAKE3_LANES):
            for word, by_d, by_b in ((words[2 * lane], 16, 12), (words[2 * lane + 1], 8, 7)):
                state[a] = (state[a] + state[b] + word) & 0xFFFFFFFF
                mixed = state[d] ^ state[a]
                state[d] = (mixed >> by_d | mixed << (32 - by_d)) & 0xFFFFFFFF
                state[c] = (state[c] + state[d]) & 0xFFFFFFFF
                mixed = state[b] ^ state[c]
                state[b] = (mixed >> by_b | mixed << (32 - by_b)) & 0xFFFFFFFF
        words = [words[place] for place in BLAKE3_ORDER]
    return struct.pack("<8I", *(state[word] ^ state[word + 8] for word in range(8)))


def table_root(entries, is_root=True):
    """The digest of the whole. If it is the true one, so is every entry: no others lead to it."""
    if len(entries) < 2:
        return entries[0] if entries else blake3(b"").digest()
    left = 1 << (len(entries) - 1).bit_length() - 1
    halves = table_root(entries[:left], False), table_root(entries[left:], False)
    return blake3_parent(*halves, is_root)


# --- Keys (keys.md) -------------------------------------------------------------------------------


class Keys:
    """The vault key and what it opens. Any sound copy gives a key; a difference is a finding."""

    def __init__(self, report, secrets, copies):
        self.vault_key, self.records = None, {}
        with report.part("vault-key", secrets / "vault.key"):
            data = (secrets / "vault.key").read_bytes()
            require(len(data) == 72 and data[:8] == b"EVVAULT1", "length or magic")
            require(blake3(data[:40]).digest() == data[40:], "check")
            self.vault_key = data[8:40]
            self.wrap = AESGCM(self.derive("key wrap", self.vault_key))
            self.name_key = self.derive("manifest names", self.vault_key)
        with report.part("key-copies", secrets):
            require(len(copies) >= 2, "fewer than two copies")
        held = [self.read_copy(report, copy) for copy in copies]
        for slot in set().union(*held):
            self.records[slot] = sorted({copy[slot] for copy in held if slot in copy})
        differing = [slot for slot, found in self.records.items()
                     if len(found) > 1 or any(slot not in copy for copy in held)]
        if differing:
            why = f"the copies differ in {len(differing)} slots"
            report.finding("key-copies", f"slot {min(differing)}", why)
        with report.part("key-test", "slot 0"):
            self.key(0, OBJECT, bytes(32))

    @staticmethod
    def derive(purpose, key):
        return blake3(key, derive_key_context=f"evidence-vault 2026-11 {purpose}").digest()

    def manifest_name(self, recording):
        return blake3(bytes.fromhex(recording), key=self.name_key).hexdigest()

    @staticmethod
    def read_copy(report, copy):
        records = {}
        with report.part("key-copy", copy):
            paths = sorted(copy.glob("keys-*.seg"))
            require(paths, "no segments")
            for number, path in enumerate(paths):
                require(path.name == f"keys-{number:05}.seg", f"{path.name} is out of order")
                data = path.read_bytes()
                shortest = SEGMENT_SLOTS if number < len(paths) - 1 else 0
                if len(data) % 128 or not shortest <= len(data) // 128 <= SEGMENT_SLOTS:
                    report.finding("key-copy", path, f"a length of {len(data)}")
                for place in range(len(data) // 128):
                    slot = number * SEGMENT_SLOTS + place
                    record = data[128 * place:128 * place + 128]
                    with report.part("key-record", f"{path}, slot {slot}"):
                        Keys.check_record(slot, record)
                        records[slot] = record
        return records

    @staticmethod
    def check_record(slot, record):
        require(blake3(record[:108]).digest()[:20] == record[108:], "check")
        magic, state, purpose, reserved, own = struct.unpack("<4sBBHQ", record[:16])
        require(magic == b"EVK1" and reserved == 0 and own == slot, "magic, reserved or slot")
        require(state in (LIVE, DESTROYED) and purpose in (OBJECT, PAYLOAD), "state or purpose")
        require(state == LIVE or record[48:108] == bytes(60), "destroyed, but not empty")

    def key(self, slot, purpose, owner):
        """The key in `slot`; None if it was destroyed: what it locked is gone on purpose."""
        records = self.records.get(slot)
        require(records, f"no key in slot {slot}")
        records = [record for record in records if (record[5], record[16:48]) == (purpose, owner)]
        require(records, f"the key in slot {slot} is another's")
        if any(record[4] == DESTROYED for record in records):
            return None  # In one copy is enough: it was ordered destroyed, and is not used again.
        require(self.vault_key, "no vault key")
        for record in records:
            with contextlib.suppress(InvalidTag):
                return self.wrap.decrypt(record[48:60], record[60:108], record[:48])
        raise Broken(f"the key in slot {slot} cannot be unwrapped")


# --- Events (event.md) ----------------------------------------------------------------------------


def is_failed_list(value):
    parts = {"class": is_text, "from": is_count, "recording": is_digest, "to": is_count}
    return isinstance(value, list) and all(fields(entry, parts, "failed") for entry in value)


ACTOR = {"id": is_text, "role": is_text, "session": is_text}


def is_list_of(holds):
    return lambda value: isinstance(value, list) and all(holds(entry) for entry in value)


def is_record(value):
    return is_text(value) and re.fullmatch(r"[0-9a-f]{32}", value) is not None


SUBJECT = r"vault|(?:recording|object):[0-9a-f]{64}|(?:account|case|request):[0-9a-f]{32}"
PRODUCT = {"bytes": is_count, "kind": is_text, "manifest": is_digest, "object": is_digest,
           "recipe": is_text}
KINDS = {
    "string": is_text,
    "count": is_count,
    "boolean": is_flag,
    "digest": is_digest,
    "record": is_record,
    "subject": lambda value: is_text(value) and re.fullmatch(SUBJECT, value) is not None,
    "list of digests": is_list_of(is_digest),
    "list of strings": is_list_of(is_text),
}
LISTS = {"failed": is_failed_list, "products": is_list_of(lambda entry: fields(entry, PRODUCT, "p"))}
KIND = "|".join(sorted([*KINDS, "list"], key=len, reverse=True))


def bodies(format_text):
    """The types of the document's own table: every row names a type, its fields and their kinds."""
    table = {}
    for row in re.findall(r"^\| `([a-z.-]+)`[^|]*\| (.*) \|$", format_text, re.MULTILINE):
        named = re.findall(rf"`([a-z_0-9]+)` ({KIND})\b", row[1])
        if "." in row[0]:
            table[row[0]] = {name: LISTS[name] if kind == "list" else KINDS[kind]
                             for name, kind in named}
    return table


FORMATS = Path(__file__).resolve().parents[2] / "docs" / "formats"
BODIES = bodies((FORMATS / "event.md").read_text(encoding="utf-8"))
EVENT = {
    "actor": lambda value: fields(value, ACTOR, "actor"),
    "body": lambda value: isinstance(value, dict),
    "id": lambda value: is_text(value) and re.fullmatch(r"[0-9a-f]{32}", value),
    "payload": lambda value: value is None or is_digest(value),
    "seq": is_count,
    "subjects": lambda value: isinstance(value, dict) and all(map(is_subject, value.items())),
    "t": is_integer,
    "type": lambda value: is_text(value) and value in BODIES,
    "v": lambda value: is_integer(value) and value == 1,
}


def is_subject(entry):
    subject, pointer = entry
    return (re.fullmatch(SUBJECT, subject) is not None and is_text(pointer)
            and re.fullmatch(r"(?:(?:0|[1-9][0-9]*):[0-9a-f]{64})?", pointer) is not None)


def read_event(leaf):
    require(len(leaf) <= LEAF_MAX, "a leaf of more than 61,440 bytes")
    event = fields(canonical(leaf), EVENT, "event")
    fields(event["body"], BODIES[event["type"]], event["type"])
    return event


def open_payload(keys, event, sealed):
    """Checks the payload against its commitment, if there is one and its key still exists."""
    if event["payload"] is None:
        return require(not sealed, "a payload that the leaf does not commit to")
    require(len(sealed) >= 8 + 32 + 16, "no payload for the commitment")
    commitment = bytes.fromhex(event["payload"])
    key = keys.key(int.from_bytes(sealed[:8], "little"), PAYLOAD, commitment)
    if key:
        opened = AESGCM(key).decrypt(bytes(12), sealed[8:], commitment)
        require(hashlib.sha256(opened).digest() == commitment, "not what is committed to")
        canonical(opened[32:])


# --- Ledger (ledger.md, ledger-log.md) ------------------------------------------------------------


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(nodes):
    if len(nodes) < 2:
        return nodes[0] if nodes else hashlib.sha256(b"").digest()
    left = 1 << (len(nodes) - 1).bit_length() - 1
    return node_hash(tree_root(nodes[:left]), tree_root(nodes[left:]))


def read_segment(data, first):
    """The (leaf, sealed) of each record. The checks chain: none can be taken out or exchanged."""
    require(data[:16] == b"EVLOG001" + struct.pack("<Q", first), "header")
    check, at, seq = blake3(data[:16]).digest()[:16], 16, first
    while at < len(data):
        require(len(data) - at >= 16, f"event {seq} is cut off")
        own, leaf, sealed = struct.unpack_from("<QII", data, at)
        require(leaf <= LEAF_MAX and sealed <= SEALED_MAX, f"event {seq}: lengths")
        end = at + 16 + leaf + sealed
        require(end + 16 <= len(data), f"event {seq} is cut off")
        check = blake3(check + data[at:end]).digest()[:16]
        require(own == seq and data[end:end + 16] == check, f"event {seq}: number or check")
        yield data[at + 16:at + 16 + leaf], data[at + 16 + leaf:end]
        at, seq = end + 16, seq + 1
    require(seq - first <= SEGMENT_EVENTS, "too many events")


class Ledger:
    """The events, read from the log and checked against tiles and the signed checkpoint."""

    def __init__(self, report, keys, path, trusted_key):
        self.leaves, self.hashes, self.last = [], [], {}
        self.checkpoint_key, self.accessions, self.digests = trusted_key, [], []
        for number, segment in enumerate(sorted((path / "log").glob("*.log"))):
            with report.part("log", segment):
                first = number * SEGMENT_EVENTS
                require(len(self.leaves) == first, "the segment before it is not complete")
                require(segment.name == f"{first:020}.log", "the name is out of order")
                for leaf, sealed in read_segment(segment.read_bytes(), first):
                    self.add(report, keys, leaf, sealed)
        with report.part("checkpoint", path / "checkpoint"):
            require(self.checkpoint_key, "no key to check it with")
            size, root = read_checkpoint((path / "checkpoint").read_bytes(), self.checkpoint_key)
            logged = len(self.hashes)
            require(size <= logged, f"{size} events are signed, {logged} are in the log")
            require(tree_root(self.hashes[:size]) == root, "the log has another root")
            self.check_tiles(report, path, size)

    def add(self, report, keys, leaf, sealed):
        seq, leaf_hash = len(self.leaves), hashlib.sha256(b"\x00" + leaf).digest()
        self.leaves.append(leaf)
        self.hashes.append(leaf_hash)
        with report.part("event", f"event {seq}"):
            event = read_event(leaf)
            require(event["seq"] == seq, "it bears another number")
            is_first = event["type"] == "vault.created"
            require((seq == 0) == is_first, "event 0, and no other, creates the vault")
            for subject, pointer in event["subjects"].items():
                if pointer != self.last.get(subject, ""):
                    report.finding("custody", f"event {seq}", f"the back pointer of {subject}")
                self.last[subject] = f"{seq}:{leaf_hash.hex()}"
            self.note(event)
            with report.part("payload", f"event {seq}"):
                open_payload(keys, event, sealed)

    def note(self, event):
        body = event["body"]
        if event["type"] == "vault.created":
            self.checkpoint_key = self.checkpoint_key or body["checkpoint_key"]
        elif event["type"] == "recording.accessioned":
            self.accessions.append(body)
        elif event["type"] == "recording.digests-taken":
            self.digests.append(body)

    def check_tiles(self, report, path, size):
        """Every tile there must be true, and every tile of the signed tree must be there."""
        level, nodes, present = 0, self.hashes, set()
        expected = {}
        while nodes:
            count = size >> 8 * level
            for number in range(ceil_div(count, 256)):
                expected[level, number] = min(256, count - 256 * number)
            for number in range(ceil_div(len(nodes), 256)):
                hashed = nodes[256 * number:256 * number + 256]
                self.check_tile_files(report, path, str(level), number, hashed, present)
                if level == 0:
                    bundle = [struct.pack(">H", len(leaf)) + leaf
                              for leaf in self.leaves[256 * number:256 * number + 256]]
                    self.check_tile_files(report, path, "entries", number, bundle, present)
            nodes = [tree_root(nodes[at:at + 256]) for at in range(0, len(nodes) - 255, 256)]
            level += 1
        for (tile_level, number), width in expected.items():
            for kind in [str(tile_level)] + ["entries"] * (tile_level == 0):
                names = {tile_name(kind, number, width), tile_name(kind, number, 256)}
                if not names & present:
                    report.finding("tile", path / tile_name(kind, number, width), "missing")
        for file in sorted((path / "tile").rglob("*")):
            if file.is_file() and str(file.relative_to(path)) not in present:
                report.finding("tile", file, "no tile of this ledger")

    @staticmethod
    def check_tile_files(report, path, kind, number, entries, present):
        for width in range(1, len(entries) + 1):
            name = tile_name(kind, number, width)
            if (path / name).is_file():
                present.add(name)
                with report.part("tile", path / name):
                    data = (path / name).read_bytes()
                    require(data == b"".join(entries[:width]), "it is not what the log says")


def tile_name(kind, number, width):
    groups = re.findall(r"...", f"{number:0{3 * ceil_div(len(str(number)), 3)}}")
    name = "/".join(["tile", kind, *("x" + group for group in groups[:-1]), groups[-1]])
    return name if width == 256 else f"{name}.p/{width}"


# --- Checkpoint (ledger.md §4, §5) ----------------------------------------------------------------

ED25519_PRIME = 2**255 - 19
ED25519_Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL_ORDER = {0, 1, ED25519_PRIME - 1, ED25519_Y8, ED25519_PRIME - ED25519_Y8}


def is_small_order(point):
    return (int.from_bytes(point, "little") & (1 << 255) - 1) % ED25519_PRIME in SMALL_ORDER


def strict_base64(text):
    data = base64.b64decode(text, validate=True)
    require(base64.b64encode(data).decode() == text, "base64")
    return data


def is_key_name(name):
    return bool(name) and not any(c.isspace() or c == "+" or category(c) == "Cc" for c in name)


def read_key(line):
    """The name, key id and public key of a verifier key."""
    name, key_id, material = line.split("+", 2)
    data = strict_base64(material)
    require(is_key_name(name) and len(data) == 33 and data[0] == 1, "verifier key")
    require(hashlib.sha256(name.encode() + b"\n" + data).hexdigest()[:8] == key_id, "key id")
    require(not is_small_order(data[1:]), "a key of small order")
    return name, bytes.fromhex(key_id), Ed25519PublicKey.from_public_bytes(data[1:])


def read_checkpoint(data, verifier_key):
    """The size and root of a checkpoint that `verifier_key` has signed."""
    name, key_id, key = read_key(verifier_key)
    note = data.decode()
    require(len(data) <= 1_000_000 and not any(c < " " and c != "\n" for c in note), "not a note")
    head, empty_line, tail = note.rpartition("\n\n")
    require(empty_line and tail.endswith("\n"), "not a note")
    text, verified = head + "\n", 0
    for line in tail[:-1].split("\n"):
        dash, signer, encoded = line.split(" ")
        signature = strict_base64(encoded)
        require(dash == "\u2014" and is_key_name(signer) and len(signature) > 4, "malformed line")
        if (signer, signature[:4]) == (name, key_id):
            require(not is_small_order(signature[4:36]), "a signature of small order")
            try:
                key.verify(signature[4:], text.encode())
            except InvalidSignature:
                raise Broken("the signature is not right") from None
            verified += 1
    require(verified, "not signed by the key")
    lines = head.split("\n")
    require(len(lines) == 3 and lines[0] == name, "not three lines, or another origin")
    require(re.fullmatch(r"0|[1-9][0-9]{0,19}", lines[1]) and int(lines[1]) < 1 << 64, "size")
    root = strict_base64(lines[2])
    require(len(root) == 32, "root")
    return int(lines[1]), root


# --- Store (store.md) -----------------------------------------------------------------------------

HEADER = {"codec": lambda value: value in ("raw", "zstd"), "data": is_digest, "key_slot": is_count,
          "sealed_bytes": is_count, "stored_bytes": is_count, "stored_root": is_digest,
          "v": lambda value: is_integer(value) and value == 1}
HEAD = {"bytes": is_count, "id": is_digest,
        "frames": lambda value: isinstance(value, list) and all(map(is_count, value))}


class Manifest:
    """What a manifest says of its object. With a destroyed key, `head` stays shut: None."""

    def __init__(self, data, keys):
        require(len(data) >= 44 and data[:8] == b"EVMANIF1", "length or magic")
        require(blake3(data[:-32]).digest() == data[-32:], "self digest")
        length = int.from_bytes(data[8:12], "little")
        require(length <= 4_096, "header length")
        sealed_with = data[12:12 + length]
        self.header = fields(canonical(sealed_with), HEADER, "header")
        self.stored_bytes, sealed = self.header["stored_bytes"], self.header["sealed_bytes"]
        blocks, extents = ceil_div(self.stored_bytes, BLOCK), ceil_div(self.stored_bytes, EXTENT)
        table_end = 12 + length + 48 * blocks
        head_start = table_end + 4 * extents
        table_start = head_start + sealed
        require(table_start + 16 + 32 <= len(data), "cut off")
        entries = [data[at:at + 48] for at in range(12 + length, table_end, 48)]
        self.tags = [entry[32:] for entry in entries]
        self.generations = struct.unpack(f"<{extents}I", data[table_end:head_start])
        self.stored_root = bytes.fromhex(self.header["stored_root"])
        require(table_root([entry[:32] for entry in entries]) == self.stored_root, "stored table")
        self.data_name = bytes.fromhex(self.header["data"])
        self.key, self.head = keys.key(self.header["key_slot"], OBJECT, self.data_name), None
        if self.key:
            seal = AESGCM(Keys.derive("manifest seal", self.key))
            head = seal.decrypt(b"\xff" * 12, data[head_start:table_start], sealed_with)
            self.head = fields(canonical(head), HEAD, "head")
            table = seal.decrypt(bytes(12), data[table_start:-32], sealed_with)
            self.check_lengths(table)

    def check_lengths(self, table):
        size, frames = self.head["bytes"], self.head["frames"]
        require(len(table) == 32 * ceil_div(size, BLOCK), "length of the plain table")
        entries = [table[at:at + 32] for at in range(0, len(table), 32)]
        require(table_root(entries).hex() == self.head["id"], "plain table")
        if self.header["codec"] == "raw":
            require(not frames and size == self.stored_bytes, "lengths of a raw object")
        else:
            require(len(frames) == ceil_div(size, FRAME), "number of frames")
            require(sum(frames) == self.stored_bytes, "lengths of the frames")

    def stored_plain(self, report, path):
        """The blocks of `path`, decrypted if there is a key. In the end checks the stored root."""
        hashed, damaged, last = blake3(), 0, len(self.tags) - 1
        require(path.stat().st_size == self.stored_bytes, "length of the data file")
        with path.open("rb") as file:
            for block, tag in enumerate(self.tags):
                stored = file.read(BLOCK)
                hashed.update(stored)
                if self.key:
                    generation = self.generations[block * BLOCK // EXTENT]
                    nonce = struct.pack(">IQ", generation, block)
                    bound = self.data_name + struct.pack(">QB", block, block == last)
                    try:
                        yield AESGCM(self.key).decrypt(nonce, stored + tag, bound)
                    except InvalidTag:
                        damaged += 1
                        until = block * BLOCK + len(stored)
                        why = f"stored bytes {block * BLOCK} to {until} are damaged"
                        report.finding("block", path, why)
                        yield bytes(len(stored))
        require(hashed.digest() == self.stored_root, "stored root")
        require(not damaged, f"{damaged} damaged blocks")

    def plain(self, report, path):
        """The recording, piece by piece."""
        blocks = self.stored_plain(report, path)
        if self.header["codec"] == "raw":
            yield from blocks
            return
        waiting, left = bytearray(), self.head["bytes"]
        for length in self.head["frames"]:
            while len(waiting) < length:
                waiting += next(blocks)
            packed = bytes(waiting[:length])
            require(not zstandard.get_frame_parameters(packed).has_checksum, "a frame's checksum")
            frame = zstandard.ZstdDecompressor().decompressobj()
            piece = frame.decompress(packed)
            require(frame.eof and not frame.unused_data, "not one complete frame")
            require(len(piece) == min(FRAME, left), "length of a frame")
            del waiting[:length]
            left -= len(piece)
            yield piece
        yield from blocks  # Nothing is left, but the stored root is compared only at the end.


def read_recording(report, keys, ledger, store, path, accession):
    """Checks one manifest and its data. Returns content id, length and whether it was shredded."""
    data = path.read_bytes()
    manifest = Manifest(data, keys)
    name = manifest.header["data"]
    data_path = store / "data" / name[:2] / name
    if accession and blake3(data).hexdigest() != accession["manifest"]:
        report.finding("recording", path, "not the manifest that the ledger names")
    if manifest.head is None:
        require(accession, "the key is destroyed and the ledger does not know it")
        for _ in manifest.stored_plain(report, data_path):
            pass
        return accession["recording"], accession["bytes"], True
    size, recording = manifest.head["bytes"], manifest.head["id"]
    require(keys.manifest_name(recording) == path.name, "name of the manifest")
    require(path.parent.name == path.name[:2], "directory of the manifest")
    taken = {"b3": blake3(), "sha256": hashlib.sha256(), "sm3": hashes.Hash(hashes.SM3())}
    length = 0
    for piece in manifest.plain(report, data_path):
        length += len(piece)
        for digest in taken.values():
            digest.update(piece)
    require(taken["b3"].hexdigest() == recording and length == size, "another id or length")
    require(accession, "the ledger does not know the recording")
    require(accession["bytes"] == size, "the ledger says another length")
    sha256, sm3 = taken["sha256"].hexdigest(), taken["sm3"].finalize().hex()
    for said in ledger.digests:
        if said["recording"] == recording:
            told = said["bytes"], said["sha256"], said["sm3"]
            require(told == (size, sha256, sm3), "the ledger says other digests")
    return recording, size, False


def read_store(report, keys, ledger, store):
    named = {}
    if keys.vault_key:
        named = {keys.manifest_name(body["recording"]): body for body in ledger.accessions}
    paths = {path.name: path for path in sorted((store / "manifests").glob("*/*"))}
    for name, path in paths.items():
        accession, before = named.get(name), report.found
        known = accession or {"recording": None, "bytes": None}
        recording, size, shredded = known["recording"], known["bytes"], False
        with report.part("recording", path):
            recording, size, shredded = read_recording(report, keys, ledger, store, path, accession)
        line = {"recording": recording, "bytes": size, "ok": report.found == before}
        report.line(**line, **({"shredded": True} if shredded else {}))
    for name, body in named.items():
        if name not in paths:
            report.finding("recording", store / "manifests" / name[:2] / name, "no manifest")
            report.line(recording=body["recording"], bytes=body["bytes"], ok=False)


def main():
    arguments = argparse.ArgumentParser(description="Reads and checks a whole vault.")
    arguments.add_argument("vault", type=Path)
    arguments.add_argument("--key", help="the verifier key you trust, else that of event 0")
    given = arguments.parse_args()
    report = Report()
    with report.part("vault", given.vault):
        description = json.loads((given.vault / "vault.json").read_text())
        copies = [given.vault / copy for copy in description["key_copies"]]
        keys = Keys(report, given.vault / description["secrets"], copies)
        ledger = Ledger(report, keys, given.vault / description["ledger"], given.key)
        read_store(report, keys, ledger, given.vault / description["store"]["path"])
    sys.exit(4 if report.found else 0)


if __name__ == "__main__":
    main()
