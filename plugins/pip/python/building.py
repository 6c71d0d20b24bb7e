# pip itself up to where it would install: the wheels that it builds from first-party projects are kept.
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
