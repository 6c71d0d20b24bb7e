import { GUARD } from "./guard.ts";

/** Runs pip itself with the words of the job. */
const RUN = String.raw`
import runpy

sys.argv = ["pip", *job["args"]]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
`;

/** pip itself, for proven wheels: no children, no network. */
export const INSTALLATION = `${GUARD}${RUN}`;

/** pip itself up to where it would install: the wheels that it builds from first-party projects are kept. */
export const BUILDING = `${GUARD}${String.raw`
from pip._internal.commands import install as _install

_build = _install.build


def _build_and_keep(requirements, *args, **kwargs):
    built, failed = _build(requirements, *args, **kwargs)
    kept = []
    for one in built:
        path = os.path.join(job["to"], os.path.basename(one.local_file_path))
        shutil.copyfile(one.local_file_path, path)
        kept.append({"name": one.name, "file": path})
    finish({"built": kept})
    return built, failed


_install.build = _build_and_keep
_install.install_given_reqs = lambda *args, **kwargs: []
`}${RUN}`;

/** pip itself, for first-party projects whose wheels are built: where it would build them again it takes those. */
export const BUILT = `${GUARD}${String.raw`
import zipfile

from pip._internal.commands import install as _install
from pip._internal.models.link import Link
from pip._internal.utils.urls import path_to_url

_build = _install.build


def _take_or_build(requirements, *args, **kwargs):
    left, taken = [], []
    for one in requirements:
        path = job["built"].get(one.name)
        if path is None:
            left.append(one)
        else:
            one.link, one.local_file_path = Link(path_to_url(path)), path
            # As after building: once it installs, newer pips import nothing further, not even what reading a wheel needs.
            zipfile.ZipFile(path).close()
            taken.append(one)
    built, failed = _build(left, *args, **kwargs)
    return [*taken, *built], failed


_install.build = _take_or_build
`}${RUN}`;
