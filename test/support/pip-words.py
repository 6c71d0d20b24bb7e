# What one pip makes of command lines, by its own parsers. Standard input: JSON, an array of lines; standard output: of each the
# command that would run, or null where pip ends with a message, a version or its help. The only argument is a wheel of that pip.
import contextlib, io, json, os, sys

sys.path.insert(0, sys.argv[1])
for name in [name for name in os.environ if name.startswith("PIP_")]:
    del os.environ[name]
# As in the process that `pip --python X` starts with the same words.
os.environ.update(PIP_CONFIG_FILE=os.devnull, _PIP_RUNNING_IN_SUBPROCESS="1")
from pip._internal.cli.cmdoptions import general_group
from pip._internal.cli import main_parser
from pip._internal.cli.parser import ConfigOptionParser
from pip._internal.commands import commands_dict, create_command


made = {}
ConfigOptionParser._update_defaults = lambda self, defaults: defaults  # there is no configuration; it is not read 80,000 times
_main = main_parser.create_main_parser()
main_parser.create_main_parser = lambda: _main


def read(line):
    try:
        name, words = main_parser.parse_command(line)
        if name not in made:
            made[name] = create_command(name)
        made[name].parse_args(words)
    except BaseException:
        return None
    return name


lines = json.load(sys.stdin)
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    found = [read(line) for line in lines]
    options = [one() for one in general_group["options"]] + create_command("install").cmd_opts.option_list
spelled = sorted({text for option in options for text in option._short_opts + option._long_opts})
json.dump({"commands": list(commands_dict), "options": spelled, "found": found}, sys.stdout)
