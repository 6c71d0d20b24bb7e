# Where an installation goes, by pip's own scheme (PyPA "Binary distribution format", the parts of a wheel).
KEYS = ("purelib", "platlib", "scripts", "data", "headers")


_schemes = {}


def scheme_of(name):
    """The folder of each part, links resolved. What goes to a target pip lays out in a home, and moves."""
    if job["target"]:
        top = os.path.realpath(job["target"])
        headers = os.path.join(top, "include", "python", name)
        return {"purelib": top, "platlib": top, "scripts": os.path.join(top, "bin"), "data": top, "headers": headers}
    if not _schemes:
        from pip._internal.locations import get_scheme
        made = get_scheme("any", user=bool(job["user"]), root=job["root"], prefix=job["prefix"], isolated=True)
        _schemes.update({key: os.path.realpath(getattr(made, key)) for key in KEYS}, headers=os.path.dirname(made.headers))
    # Only the folder of headers is a package's own.
    return {**_schemes, "headers": os.path.realpath(os.path.join(_schemes["headers"], name))}


def bases_of(scheme):
    if job["target"]:
        return {scheme["purelib"]}
    return {os.path.dirname(path) if key == "headers" else path for key, path in scheme.items()}


def strays(scheme):
    """Folders of a scheme outside of the environment that was asked for: a configuration file of distutils may name any."""
    if job["target"]:
        return []
    import sysconfig
    named = job["root"] or job["prefix"] or (site.getuserbase() if job["user"] else None)
    own = [named] if named else [sys.prefix, sys.exec_prefix, *sysconfig.get_paths().values()]
    own = [os.path.realpath(one) for one in own]
    return [scheme[key] for key in KEYS if key != "headers" and not any(_below(scheme[key], one) for one in own)]
