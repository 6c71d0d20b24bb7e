# pip's own reading of the command line: its options, the environment's and the configuration files'.
import pip
from pip._internal.cli.main_parser import parse_command
from pip._internal.commands import create_command

_name, _words = parse_command(list(job["args"]))
command = create_command("install", isolated="--isolated" in _words)
options, words = command.parse_args(_words)
