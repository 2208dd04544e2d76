#!/usr/bin/env python3
"""Checks an audit bundle; written from docs/bundle-format.md alone. Needs Python 3.9 or later and nothing else.

  python3 check_bundle.py BUNDLE [--log-key FILE]... [--witness FILE]... [--held FILE]... [--partial]

Key files hold C2SP verifier keys, one a line; a held file is a checkpoint (a signed note) kept from earlier. --partial: lines left out
or cut off are no finding. Prints one line per finding, or "good"; the first finding in a chain ends the judging of that chain. Exit code
0: good; 1: findings; 2: not a bundle, a key file or a checkpoint.
"""
import argparse, base64, collections, functools, hashlib, json, os, re, sys
from types import SimpleNamespace

NAME, DIGEST, NUMBER = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", r'"[0-9a-fA-F]{64}"', r"0|[1-9][0-9]{0,18}"
SHAPES = {"line": f'"{NAME}"', "from": "1", "to": NUMBER, "records": NUMBER, "bytes": NUMBER, "number": "[1-9][0-9]*",
          "head": DIGEST, "sha256": DIGEST, "model_digest": DIGEST}  # of the values in manifest.json
P, L = 2 ** 255 - 19, 2 ** 252 + 27742317777372353535851937790883648493  # Ed25519: the field, the group, the curve
D = -121665 * pow(121666, P - 2, P) % P
VerifierKey = collections.namedtuple("VerifierKey", "name id type public")

def require(holds, otherwise):
  if not holds:
    raise ValueError(otherwise)

def sha256(*parts):
  return hashlib.sha256(b"".join(parts)).digest()

def varint(data, at):
  end = next((end for end in range(at, min(at + 10, len(data))) if data[end] < 128), None)
  require(end is not None, "malformed: a number that does not end")
  return sum((data[byte] & 127) << 7 * (byte - at) for byte in range(at, end + 1)) & (2 ** 64 - 1), end + 1

def take(data, wanted):
  """The fields of a protobuf message that are wanted, such as "s2 i3 b*6": strings, int64s, bytes or messages; * takes every one."""
  found, at, values = collections.defaultdict(list), 0, []
  while at < len(data):
    tag, at = varint(data, at)
    wire = tag & 7
    require(7 < tag < 2 ** 32 and wire in (0, 1, 2, 5), "malformed: no such field or wire type")
    value, start = varint(data, at) if wire in (0, 2) else ({1: 8, 5: 4}[wire], at)
    at = start + value if wire else start
    require(at <= len(data), "malformed: cut in a field")
    found[tag].append(data[start:at] if wire else value - (value >> 63 << 64))
  for kind, every, number in re.findall(r"([sib])(\*?)(\d+)", wanted):
    field = [value.decode() if kind == "s" else value for value in found[int(number) << 3 | (0 if kind == "i" else 2)]]
    values.append(field if every else field[-1] if field else {"s": "", "i": 0, "b": b""}[kind])
  return values

def unbase64(text):
  data = base64.b64decode(text, validate=True)
  require(base64.b64encode(data).decode() == text, f"not canonical base64: {text!a}")
  return data

def add(p, q):
  """Adds two points in extended coordinates."""
  a, b, c, d = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P, 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
  return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P

@functools.lru_cache(maxsize=64)
def point(encoded):
  y, sign = int.from_bytes(encoded, "little") & (2 ** 255 - 1), encoded[31] >> 7
  square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
  root = pow(square, (P + 3) // 8, P)
  x = root if root * root % P == square else root * pow(2, (P - 1) // 4, P) % P
  require(y < P and x * x % P == square and (x or not sign), "not an Ed25519 public key")
  x = x if x & 1 == sign else P - x
  return x, y, 1, x * y % P

def ed25519(public, signature, message):
  k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
  s, base, (x, y, z, t) = int.from_bytes(signature[32:], "little"), point(b"\x58" + b"\x66" * 31), point(public)
  total, minus = (0, 1, 1, 0), (P - x, y, z, P - t)
  sums = total, base, minus, add(base, minus)
  for bit in range(252, -1, -1):
    total = add(add(total, total), sums[(s >> bit & 1) + 2 * (k >> bit & 1)])
  x, y = (value * pow(total[2], P - 2, P) % P for value in total[:2])
  return len(signature) == 64 and s < L and (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]

def parse_key(text, type_byte):
  name, number, encoded = (text.split("+", 2) + ["", ""])[:3]
  data = unbase64(encoded)
  require(name and not re.search(r"\s", name) and len(data) == 33 and data[0] == type_byte, f"no key of type {type_byte}: {text!a}")
  require(number == sha256(name.encode(), b"\n", data)[:4].hex() and point(data[1:]), f"the id of the key is another: {text!a}")
  return VerifierKey(name, bytes.fromhex(number), type_byte, data[1:])

def read_keys(paths, type_byte):
  lines = [line.strip() for path in paths for line in open(path, encoding="utf-8")]
  return [parse_key(line, type_byte) for line in lines if line and line[0] != "#"]

def parse_note(note):
  """Reads a checkpoint: origin, size and root, the text that is signed, and the signatures as (name, key id and signature)."""
  text, _, lines = note.rpartition("\n\n")
  head, signed = text.split("\n"), [re.fullmatch(r"\u2014 ([^\s+]+) (\S+)", line) for line in lines[:-1].split("\n")]
  require(len(head) == 3 and head[0] and lines[-1:] == "\n" and not re.search(r"[\0-\x09\x0b-\x1f]", note), "not a checkpoint")
  require(re.fullmatch(NUMBER, head[1]) and all(signed), "not a checkpoint: its size or a signature line")
  signatures = [(match[1], unbase64(match[2])) for match in signed]
  require(all(len(signature) > 4 for _, signature in signatures), "a signature is too short")
  return SimpleNamespace(origin=head[0], size=int(head[1]), root=unbase64(head[2]), text=text + "\n", signatures=signatures)

def signed_by(note, key):
  """Whether the note has a signature by the key; one that does not verify is an error."""
  mine = [signature[4:] for name, signature in note.signatures if (name, signature[:4]) == (key.name, key.id)]
  for signature in mine:
    time, signature = (signature[:8], signature[8:]) if key.type == 4 else (b"", signature)
    text = f"cosignature/v1\ntime {int.from_bytes(time, 'big')}\n{note.text}" if key.type == 4 else note.text
    require(time[:1] < b"\x80" and ed25519(key.public, signature, text.encode()), f"a signature of {key.name!a} does not verify")
  return bool(mine)

class Judge:
  """Walks one chain of records, up to the first that is wrong. `heads` are the hashes that the log has of some."""
  def __init__(self, name, heads):
    self.name, self.heads, self.number, self.head = name, heads, 0, bytes(32)

  def run(self, path):
    with open(path, "rb") as file:
      while file.peek(1):
        self.number += 1
        start = file.read(5)
        length, size = varint(start, 0)
        file.seek(size - len(start), 1)
        stored = file.read(min(length, 2 ** 24))
        require(len(stored) == length, "cut off, or too long")
        require(stored[-34:] == b"\x7a\x20" + sha256(stored[:-34]), "its check does not hold")
        form, name, sequence, previous, manifest, event = take(stored[:-34], "i1 s2 i3 b4 s5 b6")
        require((form, name, sequence) == (1, self.name, self.number), f"format {form}, record {sequence} of {name!a}")
        require(previous == self.head, "its previous is not the hash of the record before")
        require(manifest in self.events, f"an event {manifest!a} has no place here")
        getattr(self, manifest)(event)
        self.head = sha256(stored)
        require(self.heads.pop(self.number, self.head) == self.head, "the log has another hash of it")

class Log(Judge):
  events = "LK", "LX", "LS"

  def __init__(self, given, witnesses):
    super().__init__("log", {})
    self.given, self.witnesses, self.named, self.signers, self.size = given, witnesses, [], None, 0
    self.leaves, self.nodes, self.covered, self.extents = [], {}, collections.Counter(), collections.defaultdict(dict)

  def root(self, first, size):
    """The root of so many leaves (RFC 6962); those of whole subtrees are kept."""
    if size < 2:
      return self.leaves[first] if size else sha256()
    left = 1 << (size - 1).bit_length() - 1
    node = self.nodes.get((first, size)) or sha256(b"\1", self.root(first, left), self.root(first + left, size - left))
    return self.nodes.setdefault((first, size), node) if size == 2 * left else node

  def LK(self, event):
    self.named.append(parse_key(*take(event, "s2"), 1))

  def LX(self, event):
    before, extents = take(event, "i2 b*3")
    require(before == len(self.leaves), f"first leaf {before} after {len(self.leaves)} leaves")
    for line, first, to, head in (take(extent, "s1 i2 i3 b4") for extent in extents):
      require(re.fullmatch(NAME, line) and len(head) == 32 and to >= first == self.covered[line] + 1, f"{first} to {to} of {line!a}")
      text = f"inspection-extent-1\n{line}\n{first}\n{to}\n{base64.b64encode(head).decode()}\n"
      self.leaves.append(sha256(b"\0", text.encode()))
      self.covered[line] = to
      self.extents[line][to] = head

  def LS(self, event):
    size, text = take(event, "i2 s3")
    note = parse_note(text)
    require(self.named and note.origin == self.named[-1].name, f"the origin {note.origin!a} is not the name of the log's key")
    require(note.size == size and self.size <= size <= len(self.leaves), f"size {note.size} of {len(self.leaves)} leaves")
    require(note.root == self.root(0, size), f"the root is not that of the first {size} leaves")
    self.size, self.signers = size, [key for key in self.given + self.witnesses if signed_by(note, key)]
    require(not self.given or self.named[-1] in self.signers, "no signature of the log's key, or that key is none of those given")

  def lacks(self, held):
    """What the auditor's keys and checkpoints ask of the whole log, and it does not have."""
    if self.given and self.signers is None:
      yield "no checkpoint"
    yield from (f"no cosignature of {key.name} on the last checkpoint" for key in self.witnesses if key not in (self.signers or []))
    for note in held:
      try:
        signers = [key for key in self.given or self.named if key.name == note.origin and signed_by(note, key)]
        require(signers, "not signed by the log's key")
        require(note.size <= len(self.leaves) and self.root(0, note.size) == note.root, "the log does not continue it")
      except ValueError as error:
        yield f"the checkpoint held, of size {note.size}: {error}"

class Line(Judge):
  events = "EG", "TS", "EE", "RA", "MA", "PC", "PF", "GA", "PR", "LE", "JR"

  def __init__(self, name, heads):
    super().__init__(name, heads)
    self.stations, self.accepted, self.epoch, self.floor, self.recipe, self.models = {}, {}, 0, 0, None, set()

  def current(self, event, wanted):
    """The station of an event that names it and its current epoch, and what else is wanted of the event."""
    name, epoch, *rest = take(event, "s2 i3 " + wanted)
    station = self.stations.get(name)
    require(station and station.epoch == epoch and not station.ended, f"epoch {epoch} of {name!a} is not current")
    return [station, *rest]

  def trigger(self, key):
    station, line, number = self.current(key, "s1 i4")
    require(line == self.name, f"a trigger of line {line!a}")
    return station, number

  def EG(self, event):
    name, epoch = take(event, "s2 i3")
    require(epoch > max(self.epoch, self.floor), f"epoch {epoch} is not above {max(self.epoch, self.floor)}")
    require(name not in self.stations or self.stations[name].ended, "the epoch before was not ended")
    self.epoch, self.stations[name] = epoch, SimpleNamespace(epoch=epoch, ended=False, accepted=0, acted=0, open={}, closed={})

  def TS(self, event):
    station, up_to, names = self.current(event, "i4 s*5")
    require(up_to - len(names) == station.accepted, f"{len(names)} triggers to {up_to} after {station.accepted}")
    station.open.update(enumerate(names, station.accepted + 1))
    station.accepted = up_to

  def EE(self, event):
    station, last = self.current(event, "i4")
    require(last == station.accepted and not station.open, f"last is {last} of {station.accepted}, {len(station.open)} are open")
    station.ended, station.closed = True, {}

  def RA(self, event):
    self.recipe = take(*take(event, "b2"), "s1")[0]

  def MA(self, event):
    self.models.add(take(*take(event, "b2"), "b1")[0])

  def PC(self, event):
    key, external, recipe, stamps, views, conclusion = take(event, "b2 s3 s4 b*5 b*6 b7")
    (station, number), (verdict, fallback) = self.trigger(key), take(conclusion, "i1 i2")
    require(station.open.pop(number, None) == external, f"trigger {number} is not open, or not under the name {external!a}")
    require(recipe == self.recipe, f"the recipe {recipe!a} is not the last one")
    active = [take(stamp, "b1")[0] in self.models for stamp in stamps]
    for coarse, verifier in (take(view, "i10 i11") for view in views):
      stamped = all(0 < stamp <= len(active) and active[stamp - 1] for stamp in (coarse, verifier or coarse))
      require(verdict != 1 or stamped, "OK without the stamp of an activated model on every view")
    station.closed[number] = verdict, fallback

  def PF(self, event):
    station, first, to, reason = self.current(event, "i4 i5 i6")
    require(0 <= to - first < len(station.open), f"not all of {first} to {to} are open")
    for number in range(first, to + 1):
      require(station.open.pop(number, None) is not None, f"trigger {number} is not open")
      station.closed[number] = 0, reason

  def GA(self, event):
    station, first, count, passed = self.current(event, "i4 i5 b6")
    require(first == station.acted + 1 and 0 < count <= station.accepted - station.acted, f"{count} acts from {first} on")
    require(len(passed) == (count + 7) // 8, "passes are not as many as acts")
    for at in range(count):
      verdict, _ = station.closed.get(first + at, (0, 0))
      require(verdict == 1 or not passed[at // 8] >> at % 8 & 1, f"passes trigger {first + at} without OK")
    station.acted += count

  def PR(self, event):
    key, before = take(event, "b2 b3")
    ...

