# What an installer writes of a wheel (PyPA "Binary distribution format"), without anything being unpacked.
import importlib.util, re

_SCRIPTS = ("console_scripts", "gui_scripts")


def files_of(archive):
    """Of every file: its name in the archive, the part that it belongs to, and its way from that part's folder."""
    names = [name for name in archive.namelist() if not name.endswith("/")]
    library = "purelib" if any(_is_pure(archive, name) for name in names) else "platlib"
    for name in names:
        first, *rest = name.split("/")
        if first.endswith(".data") and len(rest) > 1:
            if rest[0] in KEYS:
                yield name, rest[0], rest[1:]
        else:
            yield name, library, [first, *rest]


def _is_pure(archive, name):
    if name.count("/") != 1 or not name.endswith(".dist-info/WHEEL"):
        return False
    return re.search(r"(?im)^root-is-purelib:\s*true\s*$", _text(archive, name)) is not None


def commands_of(archive):
    """Scripts that an installer writes for entry points."""
    for name in archive.namelist():
        if name.count("/") == 1 and name.endswith(".dist-info/entry_points.txt"):
            yield from commands_in(_text(archive, name))


def commands_in(entry_points):
    """pip's own also under the interpreter's versions."""
    sections = set()
    for line in map(str.strip, entry_points.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            sections = {line.strip("[] \t")}
            continue
        # A section for readers of before Python 3.10 (configparser), a name for those since (importlib.metadata).
        sections.update(one.strip("[] \t") for one in re.findall(r"^\[(.+)\]", line))
        if sections.intersection(_SCRIPTS) and "=" in line and not line.startswith("#"):
            yield from _spelled(line.split("=")[0].strip())


def _spelled(command):
    major, minor = sys.version_info[:2]
    names = [command]
    own = re.fullmatch(r"(pip|easy_install)(-?\d+(\.\d+)?)?", command)
    if own:
        versions = ("", str(major), "%d.%d" % (major, minor), "-%d.%d" % (major, minor))
        names += [own.group(1) + version for version in versions]
    for name in names:
        yield name
        if os.name == "nt":
            yield from (name + ending for ending in (".exe", "-script.py", "-script.pyw", ".exe.manifest"))


def _text(archive, name):
    return archive.read(name).decode("utf-8", "replace")


def bytecode_of(path, bases):
    """Where the interpreter keeps the bytecode of a source: one file of a base's own folder, else the folder."""
    cache = importlib.util.cache_from_source(path)
    folder = os.path.dirname(cache)
    return cache if os.path.dirname(folder) in bases else folder


_listed = {}


def stale_of(path):
    """Bytecode of whatever interpreter that lies there for a source, in any letters: file systems may ignore them."""
    folder = os.path.dirname(importlib.util.cache_from_source(path))
    if os.path.islink(folder):
        return [folder]
    if folder not in _listed:
        _listed[folder] = [one for one in os.listdir(folder) if one.lower().endswith(".pyc")] if os.path.isdir(folder) else []
    start = os.path.basename(path)[:-len("py")].lower()
    found = [os.path.join(folder, one) for one in _listed[folder] if one.lower().startswith(start)]
    return [one for one in found if os.path.islink(one) or os.path.isfile(one)]
