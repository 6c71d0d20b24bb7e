import { GUARD, INSTALLED } from "./guard.ts";
import { PLACES } from "./places.ts";

/**
 * Compares what lies on disk after the installation with the proven wheels, file by file. Files that an installer moves or
 * writes itself (`*.data`, `RECORD`, bytecode) have no counterpart in a wheel and are left out (PyPA "Binary distribution format").
 */
export const COMPARISON = `${GUARD}${INSTALLED}${PLACES}${String.raw`
import hashlib, zipfile

def digest(stream):
    one = hashlib.sha256()
    for chunk in iter(lambda: stream.read(1 << 20), b""):
        one.update(chunk)
    return one.hexdigest()


def lies(base, parts, expected):
    """Whether one of these lies there itself, not behind a link."""
    path = os.path.join(os.path.realpath(base), *parts)
    try:
        if os.path.realpath(path) != path:
            return False
        with open(path, "rb") as file:
            return digest(file) in expected
    except OSError:
        return False


# Two wheels may bring the same file (a namespace's __init__.py): either's bytes are proven.
files = {}
for wheel in job["wheels"]:
    with zipfile.ZipFile(wheel["file"]) as archive:
        for info in archive.infolist():
            first = info.filename.split("/")[0]
            if info.is_dir() or first.endswith(".data") or info.filename.endswith(".dist-info/RECORD"):
                continue
            with archive.open(info) as stream:
                files.setdefault(info.filename, (wheel["name"], set()))[1].add(digest(stream))

differences = []
for path, (name, expected) in files.items():
    if not any(lies(base, path.split("/"), expected) for base in places_of(job["target"], job["user"], job["root"], job["prefix"], name)):
        differences.append("%s: %s" % (name, path))
finish({"differences": differences[:1000]})
`}`;
