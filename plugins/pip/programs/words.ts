import { PLACES } from "./aside.ts";
import { GUARD, INSTALLED, PARSED } from "./guard.ts";

/**
 * Says what pip understands of a command line: effective options, and every requirement of every file that they name,
 * read by pip's own parser. Runs nothing of the project and asks no network.
 */
export const WORDS = `${GUARD}${INSTALLED}${PARSED}${PLACES}${String.raw`
import re

from pip._internal.models.link import Link
from pip._internal.req import req_file
from pip._internal.req.constructors import parse_editable, parse_req_from_line

KEPT = """target_dir prefix_path root_path use_user_site platforms python_version implementation abis compile
    warn_script_location override_externally_managed root_user_action progress_bar quiet verbose no_color log upgrade
    ignore_dependencies index_url extra_index_urls no_index find_links no_input python require_hashes dry_run
    json_report_file build_isolation config_settings global_options requirements_from_scripts dependency_groups
    only_deps ignore_requires_python debug_mode""".split()


LOCK = re.compile(r"pylock([.][^.]+)?[.]toml")


class NoSession:
    def get(self, url, *args, **kwargs):
        raise ValueError("a requirements file by URL is not read: %s" % url)


def plain(value):
    return value if isinstance(value, (str, int, bool, list, dict, type(None))) else list(value) if isinstance(
        value, (tuple, set)) else str(value)


def set_options(opts):
    defaults = req_file.build_parser().get_default_values()
    found = {key for key, value in vars(opts).items() if value and value != getattr(defaults, key, None)}
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
            "path": link.file_path if kind in ("folder", "file") else None, "extras": sorted(extras or []),
            "applies": marker is None or bool(marker.evaluate({"extra": ""}))}


def entry(text, editable, file, line, constraint, hashes=(), flags=()):
    return {"text": text, "editable": editable, "file": file, "line": line, "constraint": constraint,
            "hashes": list(hashes), "options": list(flags), **about(text, editable)}


def in_file(name, constraint):
    parser = req_file.RequirementsFileParser(NoSession(), req_file.get_line_parser(None))
    for line in parser.parse(name, constraint):
        flags = set_options(line.opts)
        text = getattr(line, "requirement", None)
        if text is None:
            yield {"text": None, "editable": False, "file": line.filename, "line": line.lineno, "constraint": constraint,
                   "hashes": [], "options": flags, "name": None, "kind": None, "url": None, "path": None, "extras": [],
                   "applies": True}
            continue
        hashes = ["%s:%s" % (kind, one) for kind, many in (line.opts.hashes or {}).items() for one in many]
        yield entry(text, line.is_editable, line.filename, line.lineno, line.constraint, hashes, flags)


def everything():
    for name in options.constraints:
        yield from in_file(name, True)
    for text in words:
        if text.strip():
            yield entry(text, False, None, 0, False)
    if getattr(options, "dependency_groups", None):
        from pip._internal.req.req_dependency_group import parse_dependency_groups
        for text in parse_dependency_groups(options.dependency_groups):
            yield entry(text, False, "pyproject.toml", 0, False)
    for text in options.editables:
        yield entry(text, True, None, 0, False)
    for name in options.requirements:
        if LOCK.fullmatch(os.path.basename(name)):
            continue
        yield from in_file(name, False)


def project_of(folder):
    """What pyproject.toml (PEP 621, PEP 518) says without any code being run."""
    try:
        try:
            import tomllib
        except ImportError:
            from pip._vendor import tomli as tomllib
        with open(os.path.join(folder, "pyproject.toml"), "rb") as file:
            text = tomllib.load(file)
    except OSError:
        return None
    project, system = text.get("project") or {}, text.get("build-system") or {}
    dynamic = project.get("dynamic") or []
    return {"name": project.get("name"), "dependencies": project.get("dependencies") or [],
            "extras": project.get("optional-dependencies") or {},
            "dynamic": "name" not in project or "dependencies" in dynamic or "optional-dependencies" in dynamic,
            "buildRequires": system.get("requires", ["setuptools>=40.8.0", "wheel"])}


answer = {"pip": pip.__version__, "python": sys.version.split()[0], "prefix": sys.prefix, "failure": None}
try:
    found = list(everything())
    folders = sorted({one["path"] for one in found if one["kind"] == "folder"})
    answer.update(
        entries=found,
        projects={folder: project_of(folder) for folder in folders},
        options={key: plain(getattr(options, key, None)) for key in KEPT},
        noBinary=sorted(options.format_control.no_binary),
        files=[name for name in list(options.requirements) + list(options.constraints)],
        journal=journal_at(journal_of(
            places_of(options.target_dir, options.use_user_site, options.root_path, options.prefix_path))),
    )
except RecursionError:
    answer["failure"] = "a requirements file includes itself"
except Exception as error:
    answer["failure"] = "%s: %s" % (type(error).__name__, error)
finish(answer)
`}`;
