# What pip removes of what it replaces: by the records of installed packages, which may name what they like.
import csv


def normal(name):
    return re.sub("[-_.]+", "-", name).lower()


def installed_as(library, names):
    """The entries of a library's folder that are about one of these packages."""
    for entry in os.listdir(library) if os.path.isdir(library) else ():
        stem, ending = os.path.splitext(entry)
        known = ending in (".dist-info", ".egg-info", ".egg-link", ".egg")
        if known and (normal(stem.split("-")[0]) in names or normal(stem) in names):
            yield os.path.join(library, entry), ending


def removed_by(library, names, scripts):
    """Absolute; also the names that pip gives to folders before it removes them."""
    for info, ending in installed_as(library, names):
        yield info
        yield from _renamed(info)
        if ending in (".egg-link", ".egg"):
            yield os.path.join(library, "easy-install.pth")
        for row in _rows(os.path.join(info, "RECORD")):
            yield os.path.normpath(os.path.join(library, row[0]))
        for row in _rows(os.path.join(info, "installed-files.txt")):
            yield os.path.normpath(os.path.join(info, row[0]))
        for command in commands_in(_read(os.path.join(info, "entry_points.txt"))):
            yield os.path.normpath(os.path.join(scripts, command))
        if os.path.isdir(os.path.join(info, "scripts")):
            yield from (os.path.join(scripts, name) for name in os.listdir(os.path.join(info, "scripts")))
        if ending == ".egg-info" and not os.path.exists(os.path.join(info, "installed-files.txt")):
            for row in _rows(os.path.join(info, "top_level.txt")):
                yield from (os.path.join(library, row[0] + one) for one in ("", ".py", ".pyc"))


def _read(path):
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            return file.read()
    except OSError:
        return ""


def _rows(path):
    try:
        return [row for row in csv.reader(_read(path).splitlines()) if row and row[0]]
    except csv.Error:
        return []


def _renamed(folder):
    """The name that pip gives a folder before it removes it: the first of its names that is free."""
    head, name = os.path.split(folder)
    for stem in ("~" + name[1:], *("~" + sign + name[2:] for sign in "-~.=%0123456789")):
        if stem != name and not os.path.lexists(os.path.join(head, stem)):
            yield os.path.join(head, stem)
            return
