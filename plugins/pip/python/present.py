# Installed packages take part, as with pip: what fits stays, whatever newer versions there are. What was named is judged,
# installed or not: it is not taken for installed, and of its versions the one that is there comes first.
from pip._internal.resolution.resolvelib.candidates import AlreadyInstalledCandidate

present = []
_begin, _none = Factory.__init__, AlreadyInstalledCandidate.get_install_requirement


def begin(self, *args, **kwargs):
    _begin(self, *args, **kwargs)
    named = [self._installed_dists.pop(name, None) for name in job["named"]]
    here = {} if options.upgrade else {one.canonical_name: one for one in named if one is not None}
    find = self._finder.find_best_candidate

    def find_here_first(*args, **kwargs):
        found = find(*args, **kwargs)
        one = here.get(canonicalize_name(kwargs["project_name"]))
        if one is not None:
            fitting = getattr(found, "_applicable_candidates", None) or getattr(found, "applicable_candidates", [])
            fitting.sort(key=lambda candidate: str(candidate.version) == str(one.version))
        return found

    self._finder.find_best_candidate = find_here_first


def remember(self):
    present.append({"name": self.name, "version": str(self.version)})
    return _none(self)


Factory.__init__ = begin
AlreadyInstalledCandidate.get_install_requirement = remember
