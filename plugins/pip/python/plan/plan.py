# Says, before anything changes, what installing these wheels may change, and what must lie there afterwards. It only
# reads. What pip writes itself over a wheel's own files is known file by file: `RECORD`, `INSTALLER`, `REQUESTED` of what was
# asked for, commands, the bytecode of a source beside it.
import hashlib, zipfile

unfit, touched, expected, astray, standing, stale = [], set(), {}, [], set(), set()
brought, bytecode = set(), set()
_real, _there, _leads = {}, {}, {}


def resolved(path):
    """Links in what leads to it resolved; it may be a link itself. pip writes through none that lies in a target."""
    if job["target"]:
        return path
    folder, name = os.path.split(path)
    if folder not in _real:
        _real[folder] = os.path.realpath(folder)
    return os.path.join(_real[folder], name)


def is_there(path):
    if path not in _there:
        _there[path] = os.path.lexists(path)
    return _there[path]


def stands(path):
    """What lies directly in a target stays as it is, whatever is in it, unless pip was told to upgrade. A link to nowhere does not."""
    if not job["target"] or job["upgrade"]:
        return False
    [base] = bases
    top = os.path.join(base, os.path.relpath(path, base).split(os.sep)[0])
    if top not in _leads:
        _leads[top] = os.path.exists(top)
    if _leads[top]:
        standing.add(top)
    return _leads[top]


def base_of(path):
    found = [base for base in bases if path != base and _below(path, base)]
    return max(found, key=len) if found else None


def refuse(wheel, name, why):
    unfit.append({"name": wheel["name"], "path": name, "why": why})


def place(wheel, name, scheme, key, parts):
    """Where a file of a wheel goes; None where no wheel may say so."""
    folder = scheme[key]
    path = os.path.normpath(os.path.join(folder, *parts))
    if path == folder or not _below(path, folder):
        return refuse(wheel, name, "outside")
    if any(part.lower().startswith(".safe-install") for part in parts):
        return refuse(wheel, name, "ours")
    if starts(resolved(path), scheme) or is_pip(resolved(path), scheme) and normal(wheel["name"]) != "pip":
        return refuse(wheel, name, "interpreter")
    if base_of(resolved(path)) is None:
        astray.append(path)
    return path


def bring(wheel):
    scheme = scheme_of(wheel["name"])
    wheel.update(lies={}, commands=[], info=None, metadata=None, touched=set(), stale=set())
    with zipfile.ZipFile(wheel["file"]) as archive:
        names, commands = set(archive.namelist()), set(commands_of(archive))
        written = written_by_pip(wheel, archive, scheme)
        described(wheel, archive, names)
        for name, key, parts in files_of(archive):
            if key == "scripts" and command_of(parts[-1]) in commands:
                continue
            path = place(wheel, name, scheme, key, parts)
            if path is None or stands(path):
                continue
            info = parts[0].endswith(".dist-info") and key in ("purelib", "platlib")
            if info and parts[1:] == ["METADATA"]:
                wheel["info"] = os.path.dirname(path)
            wheel["touched"].add(os.path.join(scheme[key], parts[0]) if info else path)
            brought.add(path)
            if path.endswith(".py"):
                wheel["touched"].add(bytecode_of(path, bases))
                wheel["stale"].update(stale_of(path))
            if path not in written and not is_compiled(name, names):
                expect(wheel, archive, name, key, path)
        for command in commands_of(archive):
            path = place(wheel, command, scheme, "scripts", command.split("/"))
            if path is not None and not stands(path):
                wheel["touched"].add(path)
                wheel["commands"].append(path)
                brought.add(path)
        brought.update(written)
        if wheel["info"] is not None:
            brought.add(os.path.join(wheel["info"], "REQUESTED"))


def written_by_pip(wheel, archive, scheme):
    [info] = {name.split("/")[0] for name in archive.namelist() if name.split("/")[0].endswith(".dist-info")} or {""}
    asked = ["REQUESTED"] if normal(wheel["name"]) in job["requested"] else []
    return {os.path.join(scheme[key], info, name) for key in ("purelib", "platlib") for name in ("RECORD", "INSTALLER", *asked)}


def command_of(name):
    """pip leaves out what setuptools wrote for an entry point: it writes its own."""
    for ending in (".exe", "-script.py", ".pya"):
        if name.lower().endswith(ending):
            return name[:-len(ending)]
    return name


def is_compiled(name, names):
    """This very interpreter's bytecode of a source beside it: pip compiles over it."""
    try:
        source = importlib.util.source_from_cache(name) if job["compile"] and name.endswith(".pyc") else ""
        return source in names and importlib.util.cache_from_source(source) == name
    except (ValueError, NotImplementedError):
        return False


def expect(wheel, archive, name, key, path):
    """Two wheels may bring the same file (a namespace's __init__.py): either's bytes are proven."""
    if job["target"] and key in ("data", "headers") or wheel["own"] and path not in expected:
        return
    one, info = hashlib.sha256(), archive.getinfo(name)
    with archive.open(info) as stream:
        if key == "scripts":
            one.update(started(stream.readline()))
        for chunk in iter(lambda: stream.read(1 << 20), b""):
            one.update(chunk)
    here = expected.setdefault(path, {"name": wheel["name"], "file": name, "path": path, "sha256": []})["sha256"]
    here.append(one.hexdigest())
    wheel["lies"][path] = (here, mode_of(info), wheel.get("record", {}).get(name))


def started(line):
    """The first line of a script: pip names the interpreter in it."""
    if not line.startswith(b"#!python"):
        return line
    return b"#!" + sys.executable.encode(sys.getfilesystemencoding()) + os.linesep.encode("ascii")


def remove(library, names):
    for path in removed_by(library, names, schemes[0]["scripts"]):
        if base_of(resolved(path)) is None:
            continue
        touched.add(path)
        if path.endswith(".py"):
            touched.add(bytecode_of(path, bases))
        folder = os.path.dirname(path)
        if folder not in bases and is_there(path) and folder not in renamed:
            renamed.add(folder)
            touched.update(_renamed(folder))


def outermost(path, base):
    """The first on the way to it that is not there: a folder that this run makes goes whole. pip replaces what lies in a target whole."""
    way = os.path.relpath(path, base).split(os.sep)
    for depth in range(1, len(way)):
        if job["target"] or not is_there(os.path.join(base, *way[:depth])):
            return os.path.join(*way[:depth])
    return os.path.join(*way)


def places():
    inside = {}
    for path in {resolved(one) for one in touched}:
        base = base_of(path)
        inside.setdefault(base, set()).add(outermost(path, base))
    return [{"path": base, "touches": sorted(one for one in ways if not is_in(one, ways))}
            for base, ways in sorted(inside.items())]


def is_in(way, ways):
    folder = os.path.dirname(way)
    while folder and folder not in ways:
        folder = os.path.dirname(folder)
    return folder != ""


wheels = sorted(job["wheels"], key=lambda wheel: wheel["own"])
schemes = [scheme_of(wheel["name"]) for wheel in wheels] or [scheme_of("any")]
for scheme in schemes:
    astray += strays(scheme)
bases, renamed = set().union(*map(bases_of, schemes)), set()
for wheel in wheels:
    bring(wheel)
left = staying() if job["mayStay"] and os.name == "posix" and not astray and not unfit else []
proven = {path for wheel in left for path in wheel["lies"]}
for wheel in wheels:
    if wheel not in left:
        touched |= wheel["touched"]
        stale |= wheel["stale"]
        continue
    bytecode |= wheel["stale"] - proven
    bytecode.update(one for folder in package_folders(wheel["lies"]) for one in bytecode_in(folder, proven))
if not job["target"]:
    for library in sorted({schemes[0]["purelib"], schemes[0]["platlib"]}):
        remove(library, names_changing(left))
touched |= stale
finish({"root": schemes[0]["purelib"], "replaces": [] if astray or unfit else places(), "unfit": unfit[:1000],
        "astray": astray[:10], "standing": sorted(standing), "stale": sorted(stale), "expected": list(expected.values()),
        "staying": sorted(wheel["name"] for wheel in left), "bytecode": sorted(bytecode),
        "strangers": sorted(strangers - removed(left))[:1000], "starting": sorted(starting)[:1000],
        "metadata": {wheel["name"]: wheel["metadata"] for wheel in wheels}})
