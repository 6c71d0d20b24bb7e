# Which wheels stay as they lie, and what lies beside them.
_STARTERS = ("sitecustomize", "usercustomize")
_MODULES = (".py", ".pyc", ".so", ".pyd")
strangers, starting = set(), set()


def staying():
    """Those of which all lies there, that nothing of the others replaces or removes."""
    found, users = installed_by_name(), {os.path.realpath(_users)} if site.ENABLE_USER_SITE else set()
    left = [one for one in wheels if lies_as_written(one, found)]
    folders = package_folders(brought)
    strange = {one for folder in folders for one in strangers_in(folder, brought, folders)}
    inits = {one for folder in ways_to(brought) - folders for one in inits_in(folder, brought)}
    strange.update(one for one in inits if not _recorded(one))
    strangers.update(one for top in strange | inits for one in _files_below(top))
    starting.update(starters({one[key] for one in schemes for key in ("purelib", "platlib")} | users, brought))
    foreign = [one for one in starting if not _recorded(one) and not _is_of_environment(one)]
    left = [one for one in left if not foreign and not _has_strangers(one, strange)]
    while True:
        gone = {path for one in wheels if one not in left for path in _paths_of(one)} | removed(left)
        still = [one for one in left if not gone.intersection(_paths_of(one))]
        if len(still) == len(left):
            return left
        left = still


def _paths_of(wheel):
    return {*wheel["lies"], *wheel["commands"]}


def _has_strangers(wheel, strange):
    folders = package_folders(wheel["lies"]) | ways_to(wheel["lies"])
    return any(os.path.dirname(one) in folders for one in strange)


def _files_below(path):
    if os.path.islink(path) or not os.path.isdir(path):
        return [path]
    return [os.path.join(way, name) for way, _, names in os.walk(path) for name in names]


def names_changing(left):
    return {normal(name) for name in job["names"]} - {normal(one["name"]) for one in left}


def removed(left):
    names, libraries = names_changing(left), {schemes[0]["purelib"], schemes[0]["platlib"]}
    return {path for library in libraries for path in removed_by(library, names, schemes[0]["scripts"])} if names else set()


def package_folders(paths):
    """Where nobody but their own wheels writes: folders with an `__init__`, those below them, and what describes a wheel."""
    folders, tops = set(), {os.path.dirname(one) for one in paths if os.path.basename(one).startswith("__init__.")}
    for path in paths:
        way, folder = [], os.path.dirname(path)
        while folder not in bases and os.path.dirname(folder) != folder and folder not in folders:
            way.append(folder)
            if folder in tops or folder.endswith(".dist-info"):
                folders.update(way)
            folder = os.path.dirname(folder)
        if folder in folders:
            folders.update(way)
    return folders - bases


def strangers_in(folder, known, folders):
    """What nobody of this run brings; of bytecode, see `bytecode_in`."""
    for entry in os.scandir(folder) if os.path.isdir(folder) else ():
        if entry.path in known or entry.name == "__pycache__" and entry.is_dir(follow_symlinks=False):
            continue
        if not entry.is_dir(follow_symlinks=False) or entry.path not in folders:
            yield entry.path


def ways_to(paths):
    """The folders that lead to a module: Python runs the `__init__` of each first."""
    return folders_to(path for path in paths if path.endswith(_MODULES))


def inits_in(folder, known):
    """What makes a package of a wheel's namespace, and no wheel of this run brings: who proves it, and when, is not ours to say."""
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        path, lower = os.path.join(folder, name), name.lower()
        runs = lower.startswith("__init__.") and lower.endswith(_MODULES)
        if runs and path not in known:
            yield path


def bytecode_in(folder, known):
    cache = os.path.join(folder, "__pycache__")
    inside = [os.path.join(cache, name) for name in os.listdir(cache)] if os.path.isdir(cache) else []
    return [one for one in inside if one not in known] if any(one in known for one in inside) else [cache] if inside else []


def starters(libraries, known):
    """What Python runs at every start, and no wheel of this run brings."""
    found = [os.path.join(folder, name) for folder in libraries if os.path.isdir(folder) for name in os.listdir(folder)
             if name.lower().endswith(".pth") or name.split(".")[0].lower() in _STARTERS]
    return [path for path in found if path not in known]


def _recorded(path):
    """By an installed package. No link is: where it leads, others may write. Whoever forges a record is named all the same."""
    folder = base_of(path) or os.path.dirname(path)
    try:
        if not _is_plain(path):
            return False
        words = _written([_sha256(_bytes_of(path))])
        infos = [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".dist-info")]
        records = [os.path.join(info, "RECORD") for info in infos if _is_closed(info)]
        rows = [row for one in records if _is_plain(one) for row in _rows(one)]
    except OSError:
        return False
    return any(os.path.join(folder, row[0]) == path and words.intersection(row[1:2]) for row in rows)


def _is_plain(path):
    found = os.lstat(path)
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022 & _mask


def _is_of_environment(path):
    """What virtualenv, and uv until 2026, write beside an interpreter: a line that loads a module of theirs."""
    folder, name = os.path.split(path)
    module, line = (os.path.join(folder, "_virtualenv" + ending) for ending in (".py", ".pth"))
    return (name == "_virtualenv.pth" and all(os.path.lexists(one) and _is_plain(one) for one in (module, line))
            and _bytes_of(path).strip() == b"import _virtualenv")
