import { GUARD, INSTALLED } from "./guard.ts";

/** Where an installation goes, by pip's own scheme: the folders whose state counts. The first one holds the journal. */
export const PLACES = String.raw`
def scheme_of(user, root, prefix, name="any"):
    from pip._internal.locations import get_scheme
    return get_scheme(name, user=bool(user), root=root, prefix=prefix, isolated=True)


def places_of(target, user, root, prefix, name="any"):
    if target:
        return [os.path.abspath(target)]
    scheme = scheme_of(user, root, prefix, name)
    return list(dict.fromkeys([scheme.purelib, scheme.platlib, scheme.scripts]))


def journal_of(places):
    return os.path.join(places[0], ".safe-install")


def journal_at(path):
    """Where a journal would be, whether one is there, and the word that it was written with."""
    try:
        with open(os.path.join(path, "journal.json"), encoding="utf-8") as file:
            word = str(json.load(file)["token"])
    except Exception:
        word = ""
    return {"path": path, "there": os.path.lexists(path), "token": word}
`;

/**
 * Files that an installation writes or removes outside of the places: the wheels' data and headers (PyPA "Binary
 * distribution format", the .data directory), and what the records of the packages that it replaces name.
 */
const ELSEWHERE = String.raw`
import csv, re, zipfile


def normal(name):
    return re.sub("[-_.]+", "-", name).lower()


def brought(wheel):
    scheme = scheme_of(job["user"], job["root"], job["prefix"], wheel["name"])
    with zipfile.ZipFile(wheel["file"]) as archive:
        for path in archive.namelist():
            first, *rest = path.split("/")
            if first.endswith(".data") and len(rest) > 1 and rest[0] in ("data", "headers") and rest[-1]:
                yield os.path.join(getattr(scheme, rest[0]), *rest[1:])


def recorded(place, names):
    for name in os.listdir(place) if os.path.isdir(place) else ():
        if name.endswith(".dist-info") and normal(name.split("-")[0]) in names:
            try:
                with open(os.path.join(place, name, "RECORD"), encoding="utf-8", newline="") as file:
                    for row in csv.reader(file):
                        yield os.path.join(place, row[0]) if row else place
            except (OSError, ValueError, csv.Error):
                pass


def elsewhere():
    """Absolute; nothing where a target is named, which pip fills and nothing else."""
    if job["target"]:
        return []
    names = {normal(wheel["name"]) for wheel in job["wheels"]}
    found = [path for wheel in job["wheels"] for path in brought(wheel)]
    found += [path for place in places for path in recorded(place, names)]
    found = {os.path.join(os.path.realpath(os.path.dirname(one)), os.path.basename(one)) for one in found}
    return sorted(one for one in found if not any(_below(one, os.path.realpath(place)) for place in places))
`;

/**
 * Keeps every file of the places by a hard link, with a journal, so that also a later run can put everything back; puts it
 * back; or forgets it. An installer replaces files and never writes into them: the links keep the old bytes. Only keeping
 * asks pip: what is put back may be pip itself.
 */
export const ASIDE = `${GUARD}${INSTALLED}${PLACES}${ELSEWHERE}${String.raw`
import shutil

places = job["places"] or places_of(job["target"], job["user"], job["root"], job["prefix"])
journal = journal_of(places)
RECORD = os.path.join(journal, "journal.json")
OTHERS = os.path.join(journal, "elsewhere")


def walk(place):
    """Files and links below a place, relative; without journals."""
    for folder, folders, files in os.walk(place):
        links = [one for one in folders if os.path.islink(os.path.join(folder, one))]
        folders[:] = [one for one in folders if one not in links and not is_ours(os.path.join(folder, one))]
        for name in files + links:
            yield os.path.relpath(os.path.join(folder, name), place)


def is_ours(path):
    return path == journal or re.fullmatch(re.escape(journal) + r"-\d+", path) is not None


def copy(source, to):
    os.makedirs(os.path.dirname(to), exist_ok=True)
    if os.path.islink(source):
        os.symlink(os.readlink(source), to)
        return
    try:
        os.link(source, to)
    except OSError:
        shutil.copy2(source, to)


def lives(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


def remove_drafts():
    """Of runs that were killed before their journal stood."""
    for name in os.listdir(places[0]) if os.path.isdir(places[0]) else ():
        path = os.path.join(places[0], name)
        if path != journal and is_ours(path) and not os.path.islink(path):
            pid = int(name.rsplit("-", 1)[1])
            if pid == job["pid"] or not lives(pid):
                shutil.rmtree(path)


def folders_above(paths):
    """Folders that are not there yet, the innermost first."""
    found = set()
    for path in paths:
        folder = os.path.dirname(path)
        while not os.path.lexists(folder):
            found.add(folder)
            folder = os.path.dirname(folder)
    return sorted(found, key=len, reverse=True)


def keep():
    remove_drafts()
    draft = journal + "-%d" % job["pid"]
    others = elsewhere()
    missing = [place for place in places if not os.path.isdir(place)] + folders_above(others)
    os.makedirs(draft)
    for number, place in enumerate(places):
        os.makedirs(os.path.join(draft, str(number)))
        for path in list(walk(place)):
            copy(os.path.join(place, path), os.path.join(draft, str(number), path))
    for number, path in enumerate(others):
        if os.path.lexists(path) and (os.path.islink(path) or not os.path.isdir(path)):
            copy(path, os.path.join(draft, "elsewhere", str(number)))
    said = {"version": 1, "pid": job["pid"], "token": job["token"], "places": places, "missing": missing, "elsewhere": others}
    with open(os.path.join(draft, "journal.json"), "w", encoding="utf-8") as file:
        json.dump(said, file)
    os.rename(draft, journal)


def same(one, other):
    if os.path.islink(one) or os.path.islink(other):
        return os.path.islink(one) and os.path.islink(other) and os.readlink(one) == os.readlink(other)
    if not os.path.exists(one):
        return False
    if os.path.samefile(one, other):
        return True
    with open(one, "rb") as left, open(other, "rb") as right:
        return left.read() == right.read()


def put_file_back(here, there):
    if same(here, there):
        return
    if os.path.isdir(here) and not os.path.islink(here):
        shutil.rmtree(here)
    elif os.path.lexists(here):
        os.unlink(here)
    copy(there, here)


def put_back():
    with open(RECORD, encoding="utf-8") as file:
        said = json.load(file)
    if said["places"] != places:
        return "it is about other folders"
    if said["pid"] != job["pid"] and lives(said["pid"]):
        return "another safe-install (process %d) is at work" % said["pid"]
    for number, place in enumerate(places):
        kept = os.path.join(journal, str(number))
        wanted = set(walk(kept))
        for path in list(walk(place)):
            if path not in wanted:
                os.unlink(os.path.join(place, path))
        for path in wanted:
            put_file_back(os.path.join(place, path), os.path.join(kept, path))
        for folder, folders, files in os.walk(place, topdown=False):
            inside = os.path.relpath(folder, place)
            if not _below(folder, journal) and inside != "." and not os.listdir(folder):
                if not os.path.isdir(os.path.join(kept, inside)):
                    os.rmdir(folder)
    for number, path in enumerate(said["elsewhere"]):
        there = os.path.join(OTHERS, str(number))
        if os.path.lexists(there):
            put_file_back(path, there)
        elif os.path.lexists(path) and not os.path.isdir(path):
            os.unlink(path)
    forget()
    for folder in said["missing"]:
        if os.path.isdir(folder) and not os.listdir(folder):
            os.rmdir(folder)
    return None


def forget():
    shutil.rmtree(journal)


problem = None
try:
    if job["action"] == "keep":
        keep()
    elif job["action"] == "forget":
        forget()
    else:
        problem = put_back()
except OSError as error:
    problem = str(error)
finish({"problem": problem, "places": places, "base": getattr(sys, "_base_executable", None) or sys.executable})
`}`;
