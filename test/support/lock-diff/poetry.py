"""Tells what `poetry install` would install for each poetry.lock: one JSON object a line in, one out.

Poetry's own Factory, Locker and Installer read project and lock and make the operations; only the executor, which would carry
them out, is replaced.
"""

import json
import sys
from pathlib import Path

from cleo.io.null_io import NullIO
from poetry.factory import Factory
from poetry.installation.executor import Executor
from poetry.installation.installer import Installer
from poetry.repositories.installed_repository import InstalledRepository
from poetry.utils.env import SystemEnv


class Recorder(Executor):
    """Keeps the operations and does none of them."""

    def execute(self, operations):
        self.operations = operations
        return 0


ENVIRONMENT = SystemEnv(Path(sys.prefix))


def told(text, folder):
    with open(folder / "poetry.lock", "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        file.write(text)
    poetry = Factory().create_poetry(folder)
    executor = Recorder(ENVIRONMENT, poetry.pool, poetry.config, NullIO())
    executor.operations = []
    installer = Installer(
        NullIO(),
        ENVIRONMENT,
        poetry.package,
        poetry.locker,
        poetry.pool,
        poetry.config,
        installed=InstalledRepository(),
        executor=executor,
    )
    installer.only_groups(poetry.package.dependency_group_names(include_optional=True))
    installer.extras(["a"])
    if installer.run() != 0:
        raise RuntimeError("no")
    return [entry_of(one.package) for one in executor.operations]


def entry_of(package):
    entry = {"name": package.name, "version": package.version.text, "hashes": [str(one["hash"]) for one in package.files]}
    if package.source_type not in (None, "legacy"):
        entry["link"] = f"{package.source_type} {package.source_url}"
    if package.source_type == "directory":
        entry["folder"] = str(Path(package.source_url) / (package.source_subdirectory or ""))
    return entry


def main():
    for line in sys.stdin:
        try:
            found = {"installs": told(json.loads(line)["text"], Path(sys.argv[1]).parent)}
        except BaseException as error:
            found = {"refused": f"{type(error).__name__}: {error}"}
        print(json.dumps(found), flush=True)


main()
