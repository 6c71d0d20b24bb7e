# pip itself, for first-party projects: what their backends ask for; then up to where it would install, and the wheels that it builds are kept; then it
# takes those where it would build them again.
import zipfile

from pip._internal.commands import install as _install
from pip._internal.distributions.sdist import SourceDistribution
from pip._internal.models.link import Link
from pip._internal.utils.urls import path_to_url
from pip._vendor.packaging.requirements import Requirement

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


def _ask(self, *args, **kwargs):
    """What the backend asks for beyond what is stated (PEP 517): that is all that is wanted, and pip goes no further."""
    os.environ["HOME"] = job["home"]
    supported = self.req.supports_pyproject_editable
    editable = self.req.editable and (supported() if callable(supported) else supported)
    found = self._get_build_requires_editable() if editable else self._get_build_requires_wheel()
    finish({"requires": [str(Requirement(one)) for one in found]})
    sys.stdout.flush()
    os._exit(0)


if job.get("ask"):
    SourceDistribution._install_build_reqs = _ask
elif "to" in job:
    _install.build = _build_and_keep
    _install.install_given_reqs = lambda *args, **kwargs: []
else:
    _install.build = _take_or_build
