# One requirement after the other, as pip's own parser reads it. Variables of the environment stay words: what a file
# of the project says may neither send them anywhere nor show them.
from pip._internal.models.link import Link
from pip._internal.req import req_file
from pip._internal.req.constructors import parse_editable, parse_req_from_line
from pip._internal.utils.misc import remove_auth_from_url
from pip._vendor.packaging.requirements import Requirement

req_file.expand_env_variables = lambda lines: lines


class NoSession:
    def get(self, url, *args, **kwargs):
        raise ValueError("a requirements file by URL is not read: %s" % url)


def is_configured(key, value, name):
    """What lock tools write into the files that they make: the places that are configured already."""
    if key == "index_url":
        return plainly(value) == plainly(options.index_url)
    if key == "extra_index_urls":
        return all(plainly(one) in map(plainly, [options.index_url, *options.extra_index_urls]) for one in value)
    if key == "find_links":
        folder = os.path.dirname(os.path.abspath(name))
        named = {one if "://" in one else os.path.abspath(one) for one in options.find_links}
        return all((one if "://" in one else os.path.normpath(os.path.join(folder, one))) in named for one in value)
    return False


def plainly(url):
    """Without what pip leaves out of what it writes, and without credentials, which nobody writes."""
    return remove_auth_from_url(url or "").rstrip("/")


def set_options(opts, name=""):
    """Those that count. Whom a file trusts is read over: nobody obeys it."""
    defaults = req_file.build_parser().get_default_values()
    found = {key for key, value in vars(opts).items() if value and value != getattr(defaults, key, None)}
    found -= {"trusted_hosts", *(key for key in found if is_configured(key, getattr(opts, key), name))}
    if "format_control" in found:
        found.remove("format_control")
        if opts.format_control.no_binary:
            found.add("no_binary")
    return sorted(found)


def about(text, editable):
    """What pip takes one requirement for."""
    if editable:
        name, url, extras = parse_editable(text)[:3]
        link, requirement, marker = Link(url), None, None
    else:
        parts = parse_req_from_line(text, None)
        link, requirement, marker, extras = parts.link, parts.requirement, parts.markers, parts.extras
        if requirement is not None and getattr(requirement, "url", None):
            link, extras = Link(requirement.url), requirement.extras
        if requirement is not None and requirement.marker is not None:
            marker = requirement.marker
        name = requirement.name if requirement is not None else None
    kind = None
    if link is not None:
        kind = "vcs" if link.is_vcs else "folder" if link.is_existing_dir() else "file" if link.is_file else "url"
    return {"name": name, "kind": kind, "url": None if link is None else str(link),
            "path": link.file_path if kind in ("folder", "file") else None, "extras": sorted(extras or []), "specifier": str(getattr(requirement, "specifier", "")),
            "applies": marker is None or bool(marker.evaluate({"extra": ""}))}


def entry(text, editable, file, line, constraint, hashes=(), flags=()):
    return {"text": text, "editable": editable, "file": file, "line": line, "constraint": constraint,
            "hashes": list(hashes), "options": list(flags), **about(text, editable)}


def declared(texts, file):
    """A project's own dependencies: requirements (PEP 508) and nothing else that a requirements file may hold."""
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise ValueError("%s: a list of texts is expected" % file)
    found = [entry(str(Requirement(one)), False, file, 0, False) for one in texts]
    # A folder that it depends on is no part of what was asked for.
    return [{**one, "kind": "file"} if one["kind"] == "folder" else one for one in found]


def in_file(name, constraint):
    parser = req_file.RequirementsFileParser(NoSession(), req_file.get_line_parser(None))
    for line in parser.parse(name, constraint):
        flags = set_options(line.opts, line.filename)
        text = getattr(line, "requirement", None)
        if text is None:
            yield {"text": None, "editable": False, "file": line.filename, "line": line.lineno, "constraint": constraint,
                   "hashes": [], "options": flags, "name": None, "kind": None, "url": None, "path": None, "extras": [],
                   "specifier": "",
                   "applies": True}
            continue
        hashes = ["%s:%s" % (kind, one) for kind, many in (line.opts.hashes or {}).items() for one in many]
        yield entry(text, line.is_editable, line.filename, line.lineno, line.constraint, hashes, flags)
