import { GUARD, INSTALLED } from "./guard.ts";

/** Where an installation goes, by pip's own scheme: the folders whose state counts. The first one holds the journal. */
export const PLACES = String.raw`
from pip._internal.locations import get_scheme


def places_of(target, user, root, prefix, name="any"):
    if target:
        return [os.path.abspath(target)]
    scheme = get_scheme(name, user=bool(user), root=root, prefix=prefix, isolated=True)
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
 * Keeps every file of the places by a hard link, with a journal, so that also a later run can put everything back; puts it
 * back; or forgets it. An installer replaces files and never writes into them: the links keep the old bytes.
 */
export const ASIDE = `${GUARD}${INSTALLED}${PLACES}${String.raw`
import shutil

places = places_of(job["target"], job["user"], job["root"], job["prefix"])
journal = journal_of(places)
RECORD = os.path.join(journal, "journal.json")


def walk(place):
    """Files and links below a place, relative; without the journal and without other places inside it."""
    for folder, folders, files in os.walk(place):
        links = [one for one in folders if os.path.islink(os.path.join(folder, one))]
        folders[:] = [one for one in folders if one not in links and os.path.join(folder, one) != journal]
        for name in files + links:
            yield os.path.relpath(os.path.join(folder, name), place)


def copy(source, to):
    os.makedirs(os.path.dirname(to), exist_ok=True)
    if os.path.islink(source):
        os.symlink(os.readlink(source), to)
        return
    try:
        os.link(source, to)
    except OSError:
        shutil.copy2(source, to)


def keep():
    draft = journal + "-%d" % job["pid"]
    missing = [place for place in places if not os.path.isdir(place)]
    os.makedirs(draft)
    for number, place in enumerate(places):
        os.makedirs(os.path.join(draft, str(number)))
        for path in list(walk(place)):
            if not path.startswith(os.path.basename(draft)):
                copy(os.path.join(place, path), os.path.join(draft, str(number), path))
    with open(os.path.join(draft, "journal.json"), "w", encoding="utf-8") as file:
        json.dump({"version": 1, "pid": job["pid"], "token": job["token"], "places": places, "missing": missing}, file)
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


def put_back():
    with open(RECORD, encoding="utf-8") as file:
        said = json.load(file)
    if said["places"] != places:
        return "it is about other folders"
    if said["pid"] != job["pid"]:
        try:
            os.kill(said["pid"], 0)
            return "another safe-install (process %d) is at work" % said["pid"]
        except ProcessLookupError:
            pass
    for number, place in enumerate(places):
        kept = os.path.join(journal, str(number))
        wanted = set(walk(kept))
        for path in list(walk(place)):
            if path not in wanted:
                os.unlink(os.path.join(place, path))
        for path in wanted:
            here, there = os.path.join(place, path), os.path.join(kept, path)
            if not same(here, there):
                if os.path.isdir(here) and not os.path.islink(here):
                    shutil.rmtree(here)
                elif os.path.lexists(here):
                    os.unlink(here)
                copy(there, here)
        for folder, folders, files in os.walk(place, topdown=False):
            inside = os.path.relpath(folder, place)
            if not _below(folder, journal) and inside != "." and not os.listdir(folder):
                if not os.path.isdir(os.path.join(kept, inside)):
                    os.rmdir(folder)
    forget()
    for place in said["missing"]:
        if os.path.isdir(place) and not os.listdir(place):
            os.rmdir(place)
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
finish({"problem": problem, "journal": journal})
`}`;
