# Installed packages take part, as with pip: what fits stays, whatever newer versions there are. What was named is judged,
# installed or not: it is not taken for installed, and of its versions the one that is there comes first, or the only one where its wheel is known. Folders of the
# project stand for what bears their name: no index is asked about it.
from pip._internal.exceptions import InstallationError
from pip._internal.resolution.resolvelib.candidates import AlreadyInstalledCandidate
from pip._internal.resolution.resolvelib.factory import Factory
from pip._internal.utils.compatibility_tags import get_supported
from pip._vendor.packaging.specifiers import SpecifierSet
from pip._vendor.packaging.utils import canonicalize_name, parse_wheel_filename
from pip._vendor.packaging.version import Version

present = []
_begin, _none = Factory.__init__, AlreadyInstalledCandidate.get_install_requirement
_folders = {canonicalize_name(one["name"]): one["version"] for one in job["folders"]}
_known = {} if options.upgrade else job["known"]
_supported = set(get_supported()) if _known else set()


class Folder:
    editable = False
    requires_python = SpecifierSet("")

    def __init__(self, name, version):
        self.canonical_name, self.raw_name, self.version = name, name, Version(version)

    def __str__(self):
        return "%s %s" % (self.canonical_name, self.version)

    def iter_dependencies(self, extras=()):
        return ()

    def iter_provided_extras(self):
        return ()


def is_known(name, version):
    """The environment may be another one by now, at the same place: its wheel has to be one for this interpreter."""
    known = _known.get(name)
    if known is None or known["version"] != str(version) or name in _folders:
        return False
    try:
        return not parse_wheel_filename(known["filename"])[3].isdisjoint(_supported)
    except ValueError:
        return False


def begin(self, *args, **kwargs):
    _begin(self, *args, **kwargs)
    known = [name for name, one in self._installed_dists.items() if is_known(name, one.version)]
    taken = [self._installed_dists.pop(name, None) for name in (*job["named"], *_folders) if name not in known]
    here = {} if options.upgrade else {one.canonical_name: one for one in taken if one is not None}
    for name, version in _folders.items():
        self._installed_dists[name] = Folder(name, version or "0")
    find = self._finder.find_best_candidate

    def find_here_first(*args, **kwargs):
        name = canonicalize_name(kwargs["project_name"])
        if name in _folders:
            raise InstallationError("%s is a folder of this project, of another version" % name)
        found = find(*args, **kwargs)
        one = here.get(name)
        if one is not None:
            fitting = getattr(found, "_applicable_candidates", None) or getattr(found, "applicable_candidates", [])
            fitting.sort(key=lambda candidate: str(candidate.version) == str(one.version))
        return found

    self._finder.find_best_candidate = find_here_first


def fit_folders(ireq):
    """Of some only their own build code knows the version: each is the one that is asked for."""
    name = canonicalize_name(ireq.req.name) if ireq.req is not None else None
    if name in _folders and _folders[name] is None:
        ireq.req.specifier = SpecifierSet("")


def remember(self):
    if self.name not in _folders:
        present.append({"name": self.name, "version": str(self.version), "said": said_by(self.dist.metadata)})
    return _none(self)


Factory.__init__ = begin
AlreadyInstalledCandidate.get_install_requirement = remember
