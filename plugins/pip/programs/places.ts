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
export const ELSEWHERE = String.raw`
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
    # pip writes and removes nothing outside of these; a record may name what it likes.
    scheme = scheme_of(job["user"], job["root"], job["prefix"])
    inside, kept = ([os.path.realpath(one) for one in many] for many in ([scheme.data, scheme.headers], places))
    return sorted(one for one in found if is_file_or_nothing(one) and is_in(one, inside) and not is_in(one, kept))


def is_in(path, folders):
    return any(_below(path, folder) for folder in folders)


def is_file_or_nothing(path):
    return os.path.islink(path) or os.path.isfile(path) or not os.path.exists(path)
`;
