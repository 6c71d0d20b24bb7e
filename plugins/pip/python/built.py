# pip itself, for first-party projects whose wheels are built: where it would build them again it takes those.
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
