"""Tells what `pip install -r pylock.toml` would install for each lock: one JSON object a line in, one out.

pip's own reader selects for this machine, with every extra and every group, and makes its requirements of what it selected.
"""

import json
import sys
import tomllib
from pathlib import Path

from pip._internal.req.constructors import install_req_from_pylock_package
from pip._internal.utils.pylock import select_from_pylock_path_or_url


def told(text, path):
    with open(path, "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        file.write(text)
    lock = tomllib.loads(text)
    selected = select_from_pylock_path_or_url(
        path,
        session=None,
        format_control=None,
        extras=lock.get("extras", []),
        dependency_groups=lock.get("dependency-groups", []),
    )
    return [entry_of(*install_req_from_pylock_package(*one, path, user_supplied=True)) for one in selected]


def entry_of(found, link):
    hashes = [one for ones in found.hashes(trust_internet=False)._allowed.values() for one in ones]
    # A folder's line names no package.
    entry = {"name": found.name or "", "version": "" if found.req is None else str(found.specifier)[2:], "hashes": hashes}
    if link is None:
        entry["link"] = found.link.url
        if found.link.is_existing_dir():
            entry["folder"] = found.link.file_path
        elif found.link.is_file and not Path(found.link.file_path).exists():
            raise FileNotFoundError(found.link.file_path)
    return entry


def main():
    for line in sys.stdin:
        try:
            found = {"installs": told(json.loads(line)["text"], sys.argv[1])}
        except BaseException as error:
            found = {"refused": f"{type(error).__name__}: {error}"}
        print(json.dumps(found), flush=True)


main()
