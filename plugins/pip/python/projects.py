# pip itself, for first-party projects: first up to where it would install, and the wheels that it builds are kept; then it
# takes those where it would build them again.
import zipfile

from pip._internal.commands import install as _install
from pip._internal.models.link import Link
from pip._internal.utils.urls import path_to_url

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


if "to" in job:
    _install.build = _build_and_keep
    _install.install_given_reqs = lambda *args, **kwargs: []
else:
    _install.build = _take_or_build
