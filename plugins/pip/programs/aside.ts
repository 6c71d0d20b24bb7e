import { GUARD, INSTALLED } from "./guard.ts";
import { ELSEWHERE, PLACES } from "./places.ts";

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
    except PermissionError:
        return True


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
        if os.path.lexists(path):
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
    """At once, whatever happens meanwhile: half a journal would take files for new."""
    dropped = journal + "-%d" % job["pid"]
    os.rename(journal, dropped)
    shutil.rmtree(dropped)


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
