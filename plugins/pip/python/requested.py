# Every proven wheel stands on the command line of the hand-off: pip marks as asked for (`REQUESTED`, PEP 376) only what was,
# and says which packages do not go together although it is not to look for dependencies.
from pip._internal.commands.install import InstallCommand
from pip._internal.resolution.resolvelib.resolver import Resolver

_make, _resolve = InstallCommand.make_resolver, Resolver.resolve


def _make_and_warn(self, *args, **kwargs):
    resolver = _make(*args, **kwargs)
    kwargs["options"].ignore_dependencies = not job["warn"]
    return resolver


def _resolve_and_mark(self, *args, **kwargs):
    found = _resolve(self, *args, **kwargs)
    for name, one in found.requirements.items():
        one.user_supplied = name in job["requested"]
    return found


InstallCommand.make_resolver = _make_and_warn
Resolver.resolve = _resolve_and_mark
