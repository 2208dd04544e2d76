"""Checks an audit bundle; written from docs/bundle-format.md alone. Needs Python 3.9 or later and nothing else.
  python3 check_bundle.py BUNDLE [--log-key FILE]... [--witness FILE]... [--held FILE]... [--partial]
Key files hold C2SP verifier keys, one a line; a held file is a checkpoint kept from earlier; --partial: lines left out or cut off are no
finding. Prints a line per finding (the first wrong record ends the judging of its chain) or "good". Exit code 0: good; 1: findings; 2: no
bundle, key file or checkpoint."""
import argparse, base64, collections, functools, hashlib, json, os, pathlib, re, sys, types
NAME, SIZE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", r"0|[1-9][0-9]{0,18}"
PATH = rf"manifest\.json|log\.records|lines/{NAME}\.records|packages/[0-9a-f]{{64}}(\.[1-9][0-9]*)?/package\.json"
NOTE = rf"(([^\0-\x1f]+)\n({SIZE})\n(\S+)\n)\n((?:\u2014 [^\s+\0-\x1f]+ \S{{8,}}\n)+)"
EVENTS = {"EG": "s2 i3", "TS": "s2 i3 i4 s*5", "EE": "s2 i3 i4", "RA": "b2", "MA": "b2", "PC": "b2 s3 s4 b*5 b*6 b7", "LE": "b2 s3 b6",
          "JR": "i2", "IC": "s2 i3", "FE": "b2 s3 b4", "PF": "s2 i3 i4 i5 i6", "GA": "s2 i3 i4 i5 b6", "PR": "b2 b3", "LK": "s2", "LX": "i2 b*3", "LS": "i2 s3"}
OK, CONCLUSIONS = (1, 0), {(1, 0), (2, 0), (3, 0), *((0, reason) for reason in range(1, 8))}  # verdict and fallback; one is set
P, L = 2 ** 255 - 19, 2 ** 252 + 27742317777372353535851937790883648493  # Ed25519: its field and the order of its base
D, I = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)
VerifierKey = collections.namedtuple("VerifierKey", "name id type public")
def require(holds, otherwise):
  if not holds:
    raise ValueError(otherwise)
def sha256(*parts): return hashlib.sha256(b"".join(parts)).digest()
def varint(data, at):
  end = next((end for end in range(at, min(at + 10, len(data))) if data[end] < 128), None)
  require(end is not None, "malformed: a number that does not end")
  return sum((data[byte] & 127) << 7 * (byte - at) for byte in range(at, end + 1)) & (2 ** 64 - 1), end + 1
def take(data, wanted):  # the fields of a protobuf message, such as "s2 i3 b*6": string, integer, bytes or message; * takes every one
  found, at, values = collections.defaultdict(list), 0, []
  while at < len(data):
    tag, at = varint(data, at)
    value, start = varint(data, at) if tag % 8 in (0, 2) else ({1: 8, 5: 4}.get(tag % 8, len(data)), at)
    at = start + value if tag % 8 else start
    require(7 < tag < 2 ** 32 and at <= len(data), "malformed: no such field, or cut in it")
    found[tag].append(data[start:at] if tag % 8 else value - (value >> 63 << 64))
  for kind, every, number in re.findall(r"([sib])(\*?)(\d+)", wanted):
    field = [value.decode() if kind == "s" else value for value in found[int(number) << 3 | (0 if kind == "i" else 2)]]
    values.append(field if every else field[-1] if field else {"s": "", "i": 0, "b": b""}[kind])
  return values
def add(p, q):  # points of Ed25519 in extended coordinates
  a, b, c, d = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P, 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
  return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P
@functools.lru_cache(maxsize=64)
def point(encoded):
  y = int.from_bytes(encoded, "little") % 2 ** 255
  square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
  root = pow(square, (P + 3) // 8, P)
  roots = [x for x in (root, P - root, root * I % P, P - root * I % P) if x * x % P == square and x % 2 == encoded[31] >> 7 and x < P]
  require(y < P and roots, "not an Ed25519 public key")
  return roots[0], y, 1, roots[0] * y % P
def ed25519(public, signature, message):
  k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
  s, base, (x, y, z, t) = int.from_bytes(signature[32:], "little"), point(b"\x58" + b"\x66" * 31), point(public)
  total, minus = (0, 1, 1, 0), (P - x, y, z, P - t)
  sums = total, base, minus, add(base, minus)
  for bit in range(252, -1, -1):
    total = add(add(total, total), sums[(s >> bit & 1) + 2 * (k >> bit & 1)])
  x, y = (value * pow(total[2], P - 2, P) % P for value in total[:2])
  return len(signature) == 64 and s < L and (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]
def unbase64(text):
  data = base64.b64decode(text, validate=True)
  require(base64.b64encode(data).decode() == text, f"not canonical base64: {text!a}")
  return data
def parse_key(text, type_byte):
  name, number, encoded = [*text.split("+", 2), "", ""][:3]
  data = unbase64(encoded)
  holds = len(data) == 33 and data[0] == type_byte and number == sha256(name.encode(), b"\n", data)[:4].hex() and point(data[1:])
  require(holds and name and not re.search(r"\s", name), f"not a verifier key of type {type_byte}: {text!a}")
  return VerifierKey(name, bytes.fromhex(number), type_byte, data[1:])
def read_keys(paths, type_byte):
  lines = [line.strip() for path in paths for line in pathlib.Path(path).read_bytes().decode().split("\n")]
  keys = [parse_key(line, type_byte) for line in lines if line and line[0] != "#"]
  require(keys or not paths, "no key in the key files")
  return keys
def parse_note(note):
  match = re.fullmatch(NOTE, note)
  require(match, "not a checkpoint")
  signatures = [(name, unbase64(signature)) for name, signature in re.findall(r"\u2014 (\S+) (\S+)\n", match[5])]
  return types.SimpleNamespace(text=match[1], origin=match[2], size=int(match[3]), root=unbase64(match[4]), signatures=signatures)
def signed_by(note, key):  # one that does not verify is an error
  mine = [signature[4:] for name, signature in note.signatures if (name, signature[:4]) == (key.name, key.id)]
  for signature in mine:
    time, signature = (signature[:8], signature[8:]) if key.type == 4 else (b"", signature)
    text = f"cosignature/v1\ntime {int.from_bytes(time, 'big')}\n{note.text}" if key.type == 4 else note.text
    require(time[:1] < b"\x80" and ed25519(key.public, signature, text.encode()), f"a signature of {key.name!a} does not verify")
  return bool(mine)

class Judge:  # of a chain of records, up to the first that is wrong; its rules have the names of the events; `heads`: hashes the log has
  def __init__(self, name, heads):
    self.name, self.heads, self.number, self.head, self.read, self.broken = name, heads, 0, bytes(32), hashlib.sha256(), False
  def run(self, path):
    with open(path, "rb") as file:
      while file.peek(1):
        self.number += 1
        start = file.read(5)
        length, size = varint(start, 0)
        file.seek(size - len(start), os.SEEK_CUR)
        stored = file.read(min(length, 2 ** 24))
        require(len(stored) == length and stored[-34:] == b"\x7a\x20" + sha256(stored[:-34]), "cut off, too long, or its check is wrong")
        *place, event, message = take(stored[:-34], "i1 s2 i3 b4 s5 b6")
        require(place == [1, self.name, self.number, self.head], f"format, line, sequence or previous are of another place: {place!a}")
        require(event in EVENTS and hasattr(self, event), f"an event {event!a} has no place here")
        getattr(self, event)(*take(message, EVENTS[event]))
        self.head = sha256(stored)
        self.read.update(start[:size] + stored)
        require(self.heads.pop(self.number, self.head) == self.head, "the log has another hash of it")

class Log(Judge):
  def __init__(self, given, witnesses):
    super().__init__("log", {})
    self.given, self.witnesses, self.named, self.signers, self.size = given, witnesses, [], [], 0
    self.leaves, self.nodes, self.covered, self.extents = [], {}, collections.Counter(), collections.defaultdict(dict)
  def root(self, first, size):  # of so many leaves (RFC 6962); those of whole subtrees are kept
    if size < 2:
      return self.leaves[first] if size else sha256()
    left = 1 << (size - 1).bit_length() - 1
    node = self.nodes.get((first, size)) or sha256(b"\1", self.root(first, left), self.root(first + left, size - left))
    return self.nodes.setdefault((first, size), node) if size == 2 * left else node
  def LK(self, key): self.named.append(parse_key(key, 1))
  def LX(self, before, extents):
    require(before == len(self.leaves), f"first leaf {before} after {len(self.leaves)} leaves")
    for line, first, to, head in (take(extent, "s1 i2 i3 b4") for extent in extents):
      require(re.fullmatch(NAME, line) and len(head) == 32 and to >= first == self.covered[line] + 1, f"{first} to {to} of {line!a}")
      self.leaves.append(sha256(f"\0inspection-extent-1\n{line}\n{first}\n{to}\n{base64.b64encode(head).decode()}\n".encode()))
      self.covered[line], self.extents[line][to] = to, head
  def LS(self, size, text):
    note, before, self.size = parse_note(text), self.size, size
    require(self.named and note.origin == self.named[-1].name, f"the origin {note.origin!a} is not the name of the log's key")
    require(note.size == size and before <= size <= len(self.leaves), f"size {note.size} of {len(self.leaves)} leaves")
    require(note.root == self.root(0, size), f"the root is not that of the first {size} leaves")
    self.signers = [key for key in self.given + self.witnesses if signed_by(note, key)]
    require(not self.given or self.named[-1] in self.signers, "no signature of the log's key, or that key is none of those given")
  def lacks(self, held):  # what the auditor's keys and checkpoints ask of the whole log, and it has not
    if self.given and not self.signers:
      yield "log: there is no checkpoint"
    yield from (f"log: {key.name!a} did not cosign the last checkpoint" for key in self.witnesses if key not in self.signers)
    for note in held:
      try:
        signed = any([signed_by(note, key) for key in self.given or self.named if key.name == note.origin])
        require(signed and note.size <= len(self.leaves) and note.root == self.root(0, note.size), "of another key, or of another log")
      except ValueError as error:
        yield f"log: the checkpoint held, of size {note.size}: {error}"

class Line(Judge):
  def __init__(self, name, heads):
    super().__init__(name, heads)
    self.epochs, self.latest, self.frames, self.last, self.recipe, self.models, self.locks = {}, {}, {}, 0, None, set(), collections.Counter()
  def current(self, station, number):
    require((station, number) in self.epochs and not self.epochs[station, number].ended, f"epoch {number} of {station!a} is not current")
    return self.epochs[station, number]
  def EG(self, station, number):
    before = self.latest.get(station, types.SimpleNamespace(ended=True))
    require(before.ended and number > self.last, f"epoch {number} after {self.last}, or before the end of the one before")
    before.closed, self.last = None, number
    self.latest[station] = self.epochs[station, number] = types.SimpleNamespace(ended=False, accepted=0, acted=0, open={}, closed={})
  def TS(self, station, number, up_to, names):
    epoch = self.current(station, number)
    require(up_to - len(names) == epoch.accepted, f"{len(names)} triggers to {up_to} after {epoch.accepted}")
    epoch.open.update(enumerate(names, epoch.accepted + 1))
    epoch.accepted = up_to
  def EE(self, station, number, last):
    epoch = self.current(station, number)
    require(last == epoch.accepted and not epoch.open, f"last is {last} of {epoch.accepted}, and {len(epoch.open)} are open")
    epoch.ended = True
  def RA(self, recipe): self.recipe, = take(recipe, "s1")
  def IC(self, station, change):
    require(not self.locks.update([station]) and station in self.latest and change == self.locks[station], f"change {change} of {station!a}")
  def MA(self, policy): self.models.update(take(policy, "b1"))
  def PC(self, key, external, recipe, stamps, views, conclusion):
    line, station, number, trigger = take(key, "s1 s2 i3 i4")
    epoch, conclusion = self.current(station, number), tuple(take(conclusion, "i1 i2"))
    require(line == self.name and epoch.open.pop(trigger, None) == external, f"trigger {trigger} of {line!a} is not open as {external!a}")
    active = {at for at, stamp in enumerate(stamps, 1) if take(stamp, "b1")[0] in self.models}
    used = {stamp for coarse, verifier in (take(view, "i10 i11") for view in views) for stamp in (coarse, verifier or coarse)}
    require(recipe == self.recipe and conclusion in CONCLUSIONS, f"the recipe {recipe!a} is not the last one, or concludes {conclusion}")
    require(conclusion != OK or used <= active, "OK, and a view without the stamp of an activated model")
    epoch.closed[trigger] = conclusion
    for view in views:
      self.picture(key, *take(view, "s1 b7"))
  def picture(self, key, camera, frame):
    require(frame not in self.frames, f"frame {frame.hex()} is named twice")
    self.frames.update({frame: (key, camera)} if frame else {})
  def FE(self, key, camera, frame): require(self.frames.get(frame) == (key, camera), f"frame {frame.hex()} is erased, and not named so before")
  def PF(self, station, number, first, to, reason):
    epoch = self.current(station, number)
    require(0 <= to - first < len(epoch.open) and (0, reason) in CONCLUSIONS, f"not all of {first} to {to} are open, or reason {reason}")
    for trigger in range(first, to + 1):
      require(epoch.open.pop(trigger, None) is not None, f"trigger {trigger} is not open")
      epoch.closed[trigger] = 0, reason
  def GA(self, station, number, first, count, passed):
    epoch = self.current(station, number)
    follows = first == epoch.acted + 1 and 0 <= count <= epoch.accepted - epoch.acted and len(passed) == (count + 7) // 8
    wrong = [first + at for at in range(follows and count) if passed[at // 8] >> at % 8 & 1 and epoch.closed.get(first + at) != OK]
    require(follows and not wrong, f"{count} acts from {first} after {epoch.acted} of {epoch.accepted}; passed without OK: {wrong}")
    epoch.acted += count
  def PR(self, key, before):
    line, station, number, trigger = take(key, "s1 s2 i3 i4")
    epoch = self.epochs.get((station, number))
    require(line == self.name and epoch and 0 < trigger <= epoch.accepted, f"trigger {trigger} of {line!a} was not accepted")
    require(epoch.closed is None or epoch.closed.get(trigger) == tuple(take(before, "i1 i2")), f"trigger {trigger} has another conclusion")
  def LE(self, key, camera, frame):
    line, station, number, trigger = take(key, "s1 s2 i3 i4")
    require(line == self.name and trigger in self.current(station, number).closed, f"trigger {trigger} of {line!a} is not concluded")
    self.picture(key, camera, frame)
  def JR(self, floor):
    require(floor >= self.last and all(epoch.ended for epoch in self.latest.values()), f"floor {floor} after {self.last}, or before an end")
    self.last = floor
def inside(bundle, name):  # the path of a file of the bundle; links are refused
  path = pathlib.Path(bundle, name)
  linked = any(part.is_symlink() for part in [path, *path.parents][:name.count("/") + 1])
  require(re.fullmatch(PATH, name) and path.is_file() and not linked, f"{name!a} has no place in a bundle, is not there, or is a link")
  return path
def read_bundle(bundle, log):  # the judges of the chains, the log's first, each with its file and entry; then so the packages
  manifest = json.loads(inside(bundle, "manifest.json").read_bytes())
  require(manifest["format"] == "inspection-bundle-1", "another format")
  chains = [(log, "log", inside(bundle, "log.records"), {"from": 1, **manifest["log"]})] if manifest.get("log") else []
  for name, entry in [(entry["line"], entry) for entry in manifest["lines"]]:
    path = inside(bundle, f"lines/{name}.records")
    chains.append((Line(name, log.extents[name]), f"line {name}", path, {**entry, "records": entry["to"]}))
  packages = [(re.sub(r"\.1$", "", f"{entry['model_digest']}.{entry['number']}"), str(entry["sha256"])) for entry in manifest["packages"]]
  return chains, [(name, inside(bundle, f"packages/{name}/package.json"), digest.lower()) for name, digest in packages]
def judge_all(log, chains, packages, held, partial):
  yield from (f"package {name}: another sha256" for name, path, digest in packages if sha256(path.read_bytes()).hex() != digest)
  for judge, where, path, entry in chains:
    try:
      judge.run(path)
      real = {"from": 1, "records": judge.number, "head": judge.head.hex(), "bytes": path.stat().st_size, "sha256": judge.read.hexdigest()}
      wrong = ", ".join(key for key, value in real.items() if entry.get(key) not in (value, str(value).upper()))
      yield from [f"{where}: {wrong} not as in the manifest"] if wrong else []
    except ValueError as error:
      yield f"{where}, record {judge.number}: {error}"
      judge.heads.clear()
      judge.broken = True
  yield from [] if log.broken else log.lacks(held)
  yield from (f"line {name}: the log has records to {max(heads)}" for name, heads in log.extents.items() if heads and not partial)
def main():
  parser = argparse.ArgumentParser()
  parser.add_argument("bundle")
  for name in ("--log-key", "--witness", "--held"): parser.add_argument(name, action="append", default=[])
  parser.add_argument("--partial", action="store_true")
  options = parser.parse_args()
  try:
    log = Log(read_keys(options.log_key, 1), read_keys(options.witness, 4))
    held = [parse_note(pathlib.Path(path).read_bytes().decode()) for path in options.held]
    chains, packages = read_bundle(options.bundle, log)
  except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
    print(f"not a bundle, a key file or a checkpoint: {error!r}", file=sys.stderr)
    return 2
  findings = list(judge_all(log, chains, packages, held, options.partial))
  print("\n".join(findings) or "good")
  return int(bool(findings))

if __name__ == "__main__": sys.exit(main())
