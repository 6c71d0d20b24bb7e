# pip's own reading of the command line: its options, the environment's and the configuration files'.
try:
    import pip
except ImportError:
    finish({"none": True})
    sys.exit(0)
# Nobody else is started where another interpreter is named: that is refused by its name.
os.environ["_PIP_RUNNING_IN_SUBPROCESS"] = "1"
sys.argv[0] = "pip"
from pip._internal.cli.main_parser import parse_command
from pip._internal.commands import create_command


class Typed:
    """Where the command was typed; what it names is relative to that, and nothing is asked about places meanwhile."""

    def __enter__(self):
        self.before = os.getcwd()
        os.chdir(job["cwd"])

    def __exit__(self, *found):
        os.chdir(self.before)


def _made_absolute(options):
    for key in ("target_dir", "prefix_path", "root_path", "log", "cert", "client_cert", "cache_dir", "src_dir"):
        value = getattr(options, key, None)
        if value and isinstance(value, str):
            setattr(options, key, os.path.abspath(value))
    links = getattr(options, "find_links", None)
    if links:
        options.find_links = [os.path.abspath(one) if os.path.exists(one) else one for one in links]


_name, _words = parse_command(list(job["args"]))
command = create_command("install", isolated="--isolated" in _words)
with Typed():
    options, words = command.parse_args(_words)
    _made_absolute(options)
