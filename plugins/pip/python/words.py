# Says what pip understands of a command line: effective options, and every requirement of every file that they name,
# read by pip's own parser. Runs nothing of the project and asks no network.
import copy, optparse, re

KEPT = """target_dir prefix_path root_path use_user_site platforms python_version implementation abis compile
    warn_script_location override_externally_managed root_user_action progress_bar quiet verbose no_color log upgrade
    warn_about_conflicts     ignore_dependencies index_url extra_index_urls no_index find_links no_input python require_hashes dry_run
    json_report_file build_isolation config_settings global_options requirements_from_scripts dependency_groups
    only_deps ignore_requires_python debug_mode force_reinstall ignore_installed""".split()


LOCK = re.compile(r"pylock([.][^.]+)?[.]toml")


def plain(value):
    return value if isinstance(value, (str, int, bool, list, dict, type(None))) else list(value) if isinstance(
        value, (tuple, set)) else str(value)


def everything():
    for name in options.constraints:
        yield from in_file(name, True)
    for text in words:
        if text.strip():
            yield entry(text, False, None, 0, False)
    if getattr(options, "dependency_groups", None):
        from pip._internal.req.req_dependency_group import parse_dependency_groups
        yield from declared(parse_dependency_groups(options.dependency_groups), "pyproject.toml")
    for text in options.editables:
        yield entry(text, True, None, 0, False)
    for name in options.requirements:
        if LOCK.fullmatch(os.path.basename(name)):
            continue
        yield from in_file(name, False)


QUIET = ("flit_core.buildapi", "poetry.core.masonry.api", "uv_build")


def may_ask(folder, system):
    """Whether the backend may ask for more than is stated (PEP 517). One that was left in peace wrongly sees its build fail."""
    if system.get("build-backend") in QUIET:
        return False
    texts = []
    for place in system.get("backend-path") or []:
        top = os.path.join(folder, str(place))
        for name in os.listdir(top):
            if name.endswith(".py"):
                with open(os.path.join(top, name), encoding="utf-8", errors="replace") as file:
                    texts.append(file.read())
    return not texts or any(one in text for text in texts for one in ("get_requires_for", "import *", "build_meta"))


def project_of(folder):
    """What pyproject.toml (PEP 621, PEP 518) says without any code being run."""
    path = os.path.join(folder, "pyproject.toml")
    try:
        try:
            import tomllib
        except ImportError:
            from pip._vendor import tomli as tomllib
        with open(path, "rb") as file:
            text = tomllib.load(file)
    except OSError:
        return None
    project, system = text.get("project") or {}, text.get("build-system") or {}
    dynamic, extras = project.get("dynamic") or [], project.get("optional-dependencies") or {}
    return {"name": None if project.get("name") is None else str(project["name"]),
            "version": None if project.get("version") is None else str(project["version"]),
            "dependencies": declared(project.get("dependencies") or [], path),
            "extras": {name: declared(texts, path) for name, texts in extras.items()},
            "mayAsk": may_ask(folder, system),
            "dynamic": "name" not in project or "dependencies" in dynamic or "optional-dependencies" in dynamic,
            "buildRequires": declared(system.get("requires", ["setuptools>=40.8.0", "wheel"]), path)}


def library():
    """The folder that every package goes to, for the words as typed; None where pip's scheme does not say."""
    job.update(target=options.target_dir, prefix=options.prefix_path, root=options.root_path, user=options.use_user_site)
    try:
        return scheme_of("any")["purelib"]
    except Exception:
        return None


def build_constraints():
    """What pip takes for builds: its own option; up to 26.1, without that, what environment and configuration say of constraints."""
    named = list(getattr(options, "build_constraints", None) or [])
    if not named and [int(one) for one in re.findall("[0-9]+", pip.__version__)[:2]] < [26, 2]:
        plain = create_command("install", isolated="--isolated" in _words)
        named = list(plain.parse_args([])[0].constraints)
    for name in named:
        yield from in_file(name, True)


def decided():
    """Whether the user's own folder is meant: pip decides by what may be written where nobody said."""
    from pip._internal.commands.install import decide_user_install
    return decide_user_install(options.use_user_site, prefix_path=options.prefix_path, target_dir=options.target_dir,
                               root_path=options.root_path, isolated_mode=options.isolated_mode)


def asks_nothing():
    named = ("requirements", "editables", "dependency_groups", "requirements_from_scripts")
    return not words and not any(getattr(options, one, None) for one in named)


def own(key):
    """What the user says of the network; a configuration file inside the project has no say in it."""
    value = getattr(options, key, None)
    if not value or not isinstance(value, str):
        return None
    if key == "proxy" and typed(key):
        return value
    try:
        files = [pair for pairs in command.parser.config._parsers.values() for pair in pairs]
    except Exception:
        return None
    for name, parser in files:
        if _below(_realpath(name), _project) and names(parser, key):
            return None
    return None if key == "cert" and _below(_realpath(value), _project) else value


def typed(key):
    """On the command line, or in the environment: both stand above every file."""
    plainly_read = optparse.Values(copy.deepcopy(command.parser.defaults))
    command.parser.parse_args(list(_words), plainly_read)
    return bool(getattr(plainly_read, key, None) or not options.isolated_mode and os.environ.get("PIP_" + key.upper()))


def names(parser, key):
    """As pip reads them (`configuration._normalize_name`): `--proxy` is `proxy`."""
    found = [one for section in ("global", "install") if parser.has_section(section) for one in parser.options(section)]
    return any(re.sub("^--", "", one.lower().replace("_", "-")) == key for one in found)


answer = {"pip": pip.__version__, "asksNothing": asks_nothing(), "python": sys.version.split()[0], "prefix": sys.prefix, "failure": None,
          "isGlobal": sys.prefix == sys.base_prefix and os.path.realpath(sys.prefix) != os.path.realpath(os.environ.get("CONDA_PREFIX") or os.devnull)}
try:
    options.use_user_site = decided()
except Exception as error:
    finish({**answer, "failure": str(error), "refused": True})
    sys.exit(0)
try:
    with Typed():
        found = list(everything())
        constraining = list(build_constraints())
        folders = sorted({one["path"] for one in found if one["kind"] == "folder"})
        projects = {folder: project_of(folder) for folder in folders}
    answer.update(
        entries=found,
        projects=projects,
        buildConstraints=constraining,
        library=library(),
        options={**{key: plain(getattr(options, key, None)) for key in KEPT}, "proxy": own("proxy"), "cert": own("cert")},
        noBinary=sorted(options.format_control.no_binary),
        files=[name for name in list(options.requirements) + list(options.constraints)],
    )
except RecursionError:
    answer["failure"] = "a requirements file includes itself"
except Exception as error:
    answer["failure"] = "%s: %s" % (type(error).__name__, error)
finish(answer)
