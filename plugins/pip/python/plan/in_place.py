# Whether what pip would write of a proven wheel lies there already: every file with its bytes, its mode and no other name, in
# folders that nobody else writes to, the commands as this very pip writes them, a record that names nothing else, and beside
# them nothing that no wheel of this run brings. Bytecode is not looked at: it goes.
import base64, email, stat

_mask = os.umask(0o77)
os.umask(_mask)
PLAIN = 0o666 & ~_mask


def mode_of(info):
    """As pip's `unpacking.py` sets it."""
    bits = info.external_attr >> 16
    return 0o777 & ~_mask | 0o111 if stat.S_ISREG(bits) and bits & 0o111 else PLAIN


def described(wheel, archive, names):
    """What the wheel says of itself, as a resolver reads it; and what its record says of its files."""
    infos = {name.split("/")[0] for name in names if name.split("/")[0].endswith(".dist-info")}
    if len(infos) != 1:
        return
    [info] = infos
    if info + "/METADATA" in names:
        message = email.message_from_bytes(archive.read(info + "/METADATA"))
        wheel["metadata"] = said_by(message)
    text = archive.read(info + "/RECORD").decode("utf-8", "replace") if info + "/RECORD" in names else ""
    wheel["record"] = {row[0]: row[1] for row in csv.reader(text.splitlines()) if len(row) > 1}


def commands_by_pip(wheel):
    """Name and bytes of every command that pip writes for this wheel."""
    from pip._internal.metadata import FilesystemWheel, get_wheel_distribution
    from pip._internal.operations.install import wheel as writing
    folder = os.path.abspath("commands-%d-%s" % (os.getpid(), os.path.basename(wheel["file"])))
    os.mkdir(folder, 0o700)
    maker = writing.PipScriptMaker(None, folder)
    maker.clobber, maker.variants, maker.set_mode = True, {""}, True
    console, gui = writing.get_entrypoints(get_wheel_distribution(FilesystemWheel(wheel["file"]), normal(wheel["name"])))
    if any(os.path.basename(name) != name for name in (*console, *gui)):
        raise ValueError("a command that would lie elsewhere")
    maker.make_multiple(writing.get_console_script_specs(console))
    maker.make_multiple(["%s = %s" % one for one in gui.items()], {"gui": True})
    return {name: _bytes_of(os.path.join(folder, name)) for name in os.listdir(folder)}


def _bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def _sha256(content):
    return hashlib.sha256(content).hexdigest()


def _lies(path, hashes, mode):
    found = os.lstat(path)
    alone = stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_uid == os.geteuid()
    return alone and stat.S_IMODE(found.st_mode) == mode and resolved(path) == path and _sha256(_bytes_of(path)) in hashes


def folders_to(paths):
    """All of them, below the folders that an installation goes to."""
    found = set()
    for folder in map(os.path.dirname, paths):
        while folder not in bases and folder not in found and os.path.dirname(folder) != folder:
            found.add(folder)
            folder = os.path.dirname(folder)
    return found


def _is_closed(folder):
    """Nobody else may write there, where new files of ours are closed to him too."""
    found = os.lstat(folder)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022 & _mask


def _written(hashes):
    return {"sha256=" + base64.urlsafe_b64encode(bytes.fromhex(one)).decode("ascii").rstrip("=") for one in hashes}


def lies_as_written(wheel, installed):
    """`wheel["lies"]`: hashes, mode and the wheel's own words in its record, by path."""
    info = wheel["info"]
    if wheel["own"] or info is None or installed.get(normal(wheel["name"])) != [info]:
        return False
    library, files = os.path.dirname(info), dict(wheel["lies"])
    try:
        made = commands_by_pip(wheel) if wheel["commands"] else {}
        if set(made) != {os.path.basename(one) for one in wheel["commands"]}:
            return False
        files.update((path, ([_sha256(made[os.path.basename(path)])], PLAIN | 0o555, None)) for path in wheel["commands"])
        files[os.path.join(info, "INSTALLER")] = ([_sha256(b"pip\n")], PLAIN, None)
        record, requested = os.path.join(info, "RECORD"), os.path.join(info, "REQUESTED")
        if os.path.lexists(requested):
            files[requested] = ([_sha256(b"")], PLAIN, None)
        return (all(map(_is_closed, folders_to([*files, record])))
                and all(_lies(path, hashes, mode) for path, (hashes, mode, _) in files.items())
                and _lies(record, {_sha256(_bytes_of(record))}, PLAIN) and _names_no_other(record, library, files))
    except Exception:
        return False


def _names_no_other(record, library, files):
    named = {os.path.normpath(os.path.join(library, row[0])): row[1:] for row in _rows(record)}
    compiled = {path for path in named if path not in files and path.endswith(".pyc") and _source_of(path) in files}
    if set(named) - compiled != {*files, record}:
        return False
    return all(words[:1] in ([], [""]) or words[0] in (_written(files[path][0]) | {files[path][2]})
               for path, words in named.items() if path in files)


def _source_of(path):
    try:
        return importlib.util.source_from_cache(path)
    except (ValueError, NotImplementedError):
        return None


def installed_by_name():
    """Every entry about a package in any folder that this interpreter looks in."""
    found = {}
    for folder in dict.fromkeys(map(os.path.realpath, sys.path)):
        for entry in os.listdir(folder) if os.path.isdir(folder) else ():
            stem, ending = os.path.splitext(entry)
            if ending in (".dist-info", ".egg-info", ".egg-link", ".egg"):
                found.setdefault(normal(stem.split("-")[0]), []).append(os.path.join(folder, entry))
    return found
