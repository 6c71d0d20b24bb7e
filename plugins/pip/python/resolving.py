# `pip install --dry-run` inside the guard, with the user's options and ours put over them; then the archives that it chose (see
# `obtaining.py`).
from pip._internal.models.format_control import FormatControl
from pip._internal.resolution.resolvelib.candidates import LinkCandidate
from pip._internal.utils.misc import remove_auth_from_url

for name in ("dry_run", "ignore_installed", "json_report_file", "format_control", "requirements", "constraints",
             "editables", "force_reinstall", "index_url", "extra_index_urls", "no_index", "find_links"):
    if not hasattr(options, name):
        finish({"failure": "this pip has no option %s" % name, "kind": "unknown-pip", "pages": [], "files": []})
        sys.exit(0)


def strange_lines():
    """Whatever wrote these files: requirements of an index, with hashes, are all that may be in them."""
    for name, constraint in ((job["requirements"], False), (job["constraints"], True)):
        for one in in_file(name, constraint):
            if one["text"] is None or one["kind"] is not None or set(one["options"]) - {"hashes"}:
                yield one["text"] or " ".join(one["options"])


try:
    strange = list(strange_lines())
except Exception as error:
    strange = [str(error)]
if strange:
    finish({"failure": strange[0][:300], "kind": "strange", "pages": [], "files": []})
    sys.exit(0)

options.dry_run = True
options.ignore_installed = options.ignore_installed or options.force_reinstall
options.force_reinstall = False
options.json_report_file = job["report"]
options.format_control = FormatControl(set(), {":all:"})
options.requirements, options.constraints, options.editables = [job["requirements"]], [job["constraints"]], []
options.dependency_groups = []
options.disable_pip_version_check = True
if job["offline"]:
    # Nothing answers: nothing is waited for.
    options.retries = 0
options.log = None
options.quiet += job["quiet"]
options.require_hashes = options.require_hashes or job["requireHashes"]
if job.get("build"):
    # What a build needs is for this interpreter and with dependencies, wherever the result goes.
    options.ignore_dependencies = options.require_hashes = False
    options.ignore_installed = True
    options.target_dir = options.platforms = options.python_version = options.implementation = options.abis = None
if job.get("findLinks"):
    options.extra_index_urls = []
    options.no_index, options.find_links = True, [job["findLinks"]]
    options.uploaded_prior_to = None
    options.keyring_provider = "disabled"
command.parse_args = lambda args: (options, [])
pages, files, failure, direct = [], [], [], []


def from_index_only(make):
    """Whatever asks for it, nothing by URL is fetched: what an unproven package says may name any address."""
    def checked(self, ireq, *args, **kwargs):
        if ireq.link is None:
            fit_folders(ireq)
            return make(self, ireq, *args, **kwargs)
        direct.append({"name": ireq.name, "url": str(ireq.link), "vcs": ireq.link.is_vcs})
        raise InstallationError("a dependency by URL: %s" % ireq.name)
    return checked


for name in [one for one in vars(Factory) if re.fullmatch("_make_requirements?_from_install_req", one)]:
    setattr(Factory, name, from_index_only(getattr(Factory, name)))
    break
else:
    finish({"failure": "this pip makes its requirements otherwise", "kind": "unknown-pip", "pages": [], "files": []})
    sys.exit(0)



def keep_page(response, **kwargs):
    """Every index page as pip itself got it."""
    kind = response.headers.get("content-type", "")
    if kwargs.get("stream") or response.status_code != 200:
        return
    if kind.startswith(("application/vnd.pypi.simple.v1+", "text/html")) and len(pages) < 20000:
        path = os.path.join(job["pages"], str(len(pages)))
        with open(path, "wb") as file:
            file.write(response.content)
        pages.append({"url": response.url, "type": kind, "file": path})


def require_own_environment(opts):
    """As pip does before it installs (PEP 668): newer ones leave it out where they only report."""
    elsewhere = opts.root_path or opts.target_dir or opts.prefix_path or job.get("build")
    if not elsewhere and not opts.override_externally_managed:
        from pip._internal.utils.misc import check_externally_managed
        check_externally_managed()


def hashes_of(error):
    """Of bytes that are not those that were stated."""
    if type(error).__name__ != "HashMismatch":
        return {}
    return {"name": getattr(error.req, "name", None),
            "expected": ["%s:%s" % (kind, one) for kind, many in error.allowed.items() for one in many],
            "found": ["%s:%s" % (kind, one.hexdigest()) for kind, one in error.gots.items()]}


prepare, said = LinkCandidate._prepare_distribution, {}


def prepare_and_remember(self):
    """What it chooses by, of each file."""
    found = prepare(self)
    described_by[id(self._ireq)] = self._ireq, found
    said[remove_auth_from_url(self.source_link.url_without_fragment)] = said_by(found.metadata)
    return found


LinkCandidate._prepare_distribution = prepare_and_remember
class Conflict(logging.Handler):
    """Why requirements do not go together: pip says so where it says much."""

    def emit(self, record):
        text = record.getMessage()
        if text.startswith("\nThe conflict is caused by"):
            conflict.append(text.strip())


conflict = []
_of_conflicts = logging.getLogger("pip._internal.resolution.resolvelib.factory")
_of_conflicts.setLevel(logging.INFO)
_of_conflicts.addHandler(Conflict())
make_session = command._build_session


def session_with_memory(*args, **kwargs):
    session = make_session(*args, **kwargs)
    session.hooks["response"].append(keep_page)
    request = session.request

    def noting(method, url, *args, **kwargs):
        try:
            response = request(method, url, *args, **kwargs)
            if kwargs.get("stream") and response.status_code == 200:
                keep_bytes(response, url)
            return response
        except Exception:
            unreached.append(origin_of(url))
            raise
    session.request = noting
    return session


unreached = []


def origin_of(url):
    """Without credentials: it is shown."""
    from urllib.parse import urlsplit
    parts = urlsplit(url)
    return "%s://%s" % (parts.scheme, parts.netloc.rpartition("@")[2])


resolve = command.run


def resolve_and_fetch(opts, args):
    try:
        require_own_environment(opts)
        status = resolve(opts, args)
    except BaseException as error:
        failure.append({"type": type(error).__name__, "message": str(error)[:2000], **hashes_of(error)})
        raise
    if status == 0 and job.get("wheels"):
        with open(job["report"], encoding="utf-8") as file:
            stated = dict(archives(json.load(file)))
        files.extend(obtain_all(command.get_default_session(opts), stated))
    return status


command._build_session = session_with_memory
command.run = resolve_and_fetch
try:
    status = command.main([])
except SystemExit as end:
    status = end.code
finish({"status": status, "failure": failure[0] if failure else None, "pages": pages, "files": files, "direct": direct,
        "present": present, "said": said, "conflict": conflict, "unreached": sorted(set(unreached))[:20]})
