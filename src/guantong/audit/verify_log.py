#!/usr/bin/env python3
"""Check a log of Guantong without Guantong: standard library only, nothing else needed.

    verify_log.py log FOLDER [--key KEY]       an exported log: entries.jsonl, checkpoints/, key.txt
    verify_log.py receipt FILE --key KEY       that a row stands in the log
    verify_log.py consistency FILE --key KEY   that a newer checkpoint continues an older one

KEY is the verifier key that the witness keeps; without it a log is checked with the key it came with, which
shows damage but not forgery. Exit code 0: in order; 1: what is wrong is printed; 2: usage.
Formats: RFC 6962 (tree), RFC 8032 (Ed25519), GB/T 32918 (SM2), C2SP signed-note and tlog-checkpoint.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path

FIELDS = "salt at person office actor verb object_type object_ref version payload previous".split()  # noqa: SIM905


class Hash:
    def __init__(self, name):
        self.name = name

    def __call__(self, data):
        return hashlib.new(self.name, data).digest()

    def node(self, left, right):
        return self(b"\x01" + left + right)

    def root(self, row):
        """The Merkle tree hash of leaf hashes (RFC 6962, 2.1)."""
        while len(row) > 1:
            pairs = [self.node(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
            row = pairs + ([row[-1]] if len(row) % 2 else [])
        return row[0] if row else self(b"")

    def climb(self, node, last, first, second, steps):
        """(root at the left edge, root) that steps lead to from a node (RFC 9162, 2.1.3.2 and 2.1.4.2)."""
        for step in steps:
            if last == 0:
                return None
            if node % 2 or node == last:
                first, second = self.node(step, first), self.node(step, second)
                while node % 2 == 0 and node:
                    node, last = node >> 1, last >> 1
            else:
                second = self.node(second, step)
            node, last = node >> 1, last >> 1
        return (first, second) if last == 0 else None

    def root_by_inclusion(self, leaf, index, size, proof):
        if not 0 <= index < size:
            return None
        return (self.climb(index, size - 1, leaf, leaf, proof) or (None, None))[1]

    def roots_by_consistency(self, old, new, old_root, proof):
        if old == new or not proof or not 0 < old < new:
            return (old_root, old_root) if old == new and not proof else None
        steps = [old_root, *proof] if old & (old - 1) == 0 else proof
        node, last = old - 1, new - 1
        while node % 2:
            node, last = node >> 1, last >> 1
        return self.climb(node, last, steps[0], steps[0], steps[1:])


P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ZERO = (0, 1, 1, 0)


def ed_add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    return (f - e) * (h - g) % P, (h + g) * (f + e) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P


def times(add, scalar, point, total):
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def ed_point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign) or y >= P:
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def ed25519_is_valid(public, message, signature):
    key, r = ed_point(public), ed_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    base = ed_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    left, right = times(ed_add, s, base, ZERO), ed_add(r, times(ed_add, h, key, ZERO))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


SM_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
SM_A = SM_P - 3
SM_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
SM_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SM_GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
SM_GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0


def sm_add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % SM_P == 0:
        return None
    if a == b:
        slope = (3 * a[0] * a[0] + SM_A) * pow(2 * a[1], SM_P - 2, SM_P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], SM_P - 2, SM_P)
    x = (slope * slope - a[0] - b[0]) % SM_P
    return x, (slope * (a[0] - x) - a[1]) % SM_P


def sm2_is_valid(public, message, signature):
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = (int.from_bytes(public[:32], "big"), int.from_bytes(public[32:], "big"))
    on_curve = (key[1] ** 2 - key[0] ** 3 - SM_A * key[0] - SM_B) % SM_P == 0
    if len(signature) != 64 or not on_curve or not 0 < r < SM_N or not 0 < s < SM_N or (r + s) % SM_N == 0:
        return False
    curve = b"".join(each.to_bytes(32, "big") for each in (SM_A, SM_B, SM_GX, SM_GY))
    identity = Hash("sm3")(b"\x00\x80" + b"1234567812345678" + curve + public)
    e = int.from_bytes(Hash("sm3")(identity + message), "big")
    point = sm_add(times(sm_add, s, (SM_GX, SM_GY), None), times(sm_add, (r + s) % SM_N, key, None))
    return point is not None and (e + point[0]) % SM_N == r


def read_note(note, key):
    """(size, root, hash) of a checkpoint note; raises ValueError with what is wrong."""
    text, _, line = note.rpartition("\n— ")
    origin, number, encoded = key.strip().split("+", 2)
    raw, public = base64.b64decode(line.strip().rpartition(" ")[2]), base64.b64decode(encoded)
    if line.rpartition(" ")[0] != origin or raw[:4].hex() != number:
        raise ValueError("the checkpoint is not signed with this key")
    mark = 1 if public[:1] == b"\x01" else 4
    if hashlib.sha256(origin.encode() + b"\n" + public).hexdigest()[:8] != number:
        raise ValueError("the verifier key is damaged")
    if not (ed25519_is_valid if mark == 1 else sm2_is_valid)(public[mark:], text.encode(), raw[4:]):
        raise ValueError("the signature of the checkpoint does not hold")
    _, size, root = text.split("\n")[:3]
    return int(size), base64.b64decode(root), Hash("sha256" if mark == 1 else "sm3")


def leaf_of(entry, digest):
    return hashlib.new(digest.name, "\x1f".join(str(entry[name]) for name in FIELDS).encode()).digest()


def check_log(folder, key):
    """Sentences about what is wrong with an exported log."""
    entries = [json.loads(line) for line in (folder / "entries.jsonl").open(encoding="utf-8")]
    notes = sorted((folder / "checkpoints").glob("*.txt"))
    digest = Hash("sha256" if base64.b64decode(key.split("+", 2)[2])[:1] == b"\x01" else "sm3")
    wrong, last = [], {}
    for place, entry in enumerate(entries):
        name = f"row {place} ({entry['verb']} {entry['object_type']}:{entry['object_ref']})"
        if entry["position"] != place:
            wrong.append(f"{name} says it is row {entry['position']}: a row before it was deleted or moved")
        if leaf_of(entry, digest).hex() != entry["leaf"]:
            wrong.append(f"{name} was edited: its hash does not fit its content")
        version, leaf = last.get((entry["object_type"], entry["object_ref"]), (0, ""))
        if entry["previous"] != leaf or entry["version"] != version + 1:
            wrong.append(f"{name} does not follow the row before it on the same object")
        last[entry["object_type"], entry["object_ref"]] = (entry["version"], entry["leaf"])
    leaves, sound = [digest(b"\x00" + bytes.fromhex(entry["leaf"])) for entry in entries], 0
    for path in notes:
        try:
            size, root, _ = read_note(path.read_text(encoding="utf-8"), key)
        except ValueError as error:
            wrong.append(f"{path.name}: {error}")
            continue
        if size > len(leaves):
            wrong.append(f"{path.name}: {size} rows were signed, only {len(leaves)} are here")
        elif digest.root(leaves[:size]) != root:
            wrong.append(f"{path.name}: the log is not the one signed; rows {sound} to {size - 1} changed")
            break
        else:
            sound = size
    if entries and not notes:
        wrong.append("no signed checkpoint is here: nothing shows that these rows are the ones published")
    print(f"{len(entries)} rows, {len(notes)} checkpoints, the first {sound} rows signed")
    return wrong


def check_receipt(receipt, key):
    entry = receipt["entry"]
    if not receipt.get("checkpoint"):
        return ["no checkpoint covers this row yet; ask again tomorrow"]
    size, root, digest = read_note(receipt["checkpoint"], key)
    leaf = leaf_of(entry, digest)
    if leaf.hex() != entry["leaf"]:
        return ["the row was edited: its hash does not fit its content"]
    proof = [bytes.fromhex(step) for step in receipt["proof"]]
    leaf = digest(b"\x00" + leaf)
    stands = digest.root_by_inclusion(leaf, entry["position"], size, proof) == root
    return [] if stands else ["the row does not stand under this checkpoint"]


def check_consistency(pair, key):
    old, old_root, digest = read_note(pair["old"], key)
    new, new_root, _ = read_note(pair["new"], key)
    found = digest.roots_by_consistency(old, new, old_root, [bytes.fromhex(step) for step in pair["proof"]])
    return [] if found == (old_root, new_root) else [f"the log of {new} rows does not continue that of {old}"]


def main(argv=None):
    parser = argparse.ArgumentParser(description="Check a log of Guantong without Guantong.")
    parser.add_argument("what", choices=("log", "receipt", "consistency"))
    parser.add_argument("path", type=Path)
    parser.add_argument("--key", help="the verifier key, or a file that holds it")
    given = parser.parse_args(argv)
    key = given.key or (given.path / "key.txt" if given.what == "log" else parser.error("--key is needed"))
    try:
        key = Path(key).read_text(encoding="utf-8").strip() if Path(key).is_file() else str(key)
        if given.what == "log":
            wrong = check_log(given.path, key)
        else:
            check = check_receipt if given.what == "receipt" else check_consistency
            wrong = check(json.loads(given.path.read_text(encoding="utf-8")), key)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        wrong = [f"cannot be read: {error}"]
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    print("NOT IN ORDER" if wrong else "in order")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
