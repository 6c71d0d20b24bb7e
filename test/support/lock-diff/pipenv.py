"""Tells what `pipenv sync` would hand to pip for each Pipfile.lock: one JSON object a line in, one out.

pipenv's own do_install_dependencies reads the lock and writes the requirements; pipenv's own pip reads those. Replaced are only
the start of pip, the download of wheels ahead of it, and the look at what is installed already.
"""

import contextlib
import io
import json
import optparse
import sys

import pipenv.utils.pip as pip_of_pipenv
import pipenv.utils.prefetch as prefetch
from pipenv.patched.pip._internal.req.constructors import install_req_from_parsed_requirement
from pipenv.patched.pip._internal.req.req_file import RequirementsFileParser, get_line_parser, handle_requirement_line
from pipenv.environment import Environment
from pipenv.project import Project
from pipenv.routines.context import RoutineContext
from pipenv.routines.install import do_install_dependencies
from pipenv.utils.fileutils import create_tracked_tempdir


class Started:
    """A pip that has ended well."""

    returncode = 0
    stdout = stderr = out = err = ""
    blocking = True

    def __init__(self, command):
        self.args = command

    def wait(self, *_args, **_words):
        return 0

    poll = block = wait

    def communicate(self, *_args, **_words):
        return "", ""


commands = []


def start(command, *_args, **_words):
    commands.append(command)
    return Started(command)


pip_of_pipenv.subprocess_run = start
prefetch.prefetch_wheels = lambda *_args, **_words: None
# Nothing is installed yet.
Environment.is_satisfied = lambda _self, _requirement: False
# Where the one environment of this run lies is the same for every lock, and nobody reads pip's help in another language.
optparse._ = str
get_paths = Environment.get_paths
found_paths = []


def paths_once(self):
    if not found_paths:
        found_paths.append(get_paths(self))
    return found_paths[0]


Environment.get_paths = paths_once

# What pipenv says to every pip: for none of them another package, or other bytes, come along.
PLAIN = {"install", "--no-input", "--no-deps", "--upgrade"}
WITH_VALUE = {"-i", "--extra-index-url", "--trusted-host", "--no-binary", "--config-settings"}


def entries_of(command):
    """Each requirement of each file that this pip would read, and each word that is neither a file nor one of those above."""
    words = iter(command[2:])
    for word in words:
        if word == "-r":
            yield from entries_in(next(words))
        elif word in WITH_VALUE:
            next(words)
        elif word not in PLAIN:
            yield {"option": word}


def entries_in(path):
    # Without a session: a file of an address is asked for and fails.
    parser = RequirementsFileParser(None, get_line_parser(None))
    for line in parser.parse(path, constraint=False):
        if line.requirement is None:
            yield {"option": str(line.opts)}
            continue
        parsed = handle_requirement_line(line)
        found = install_req_from_parsed_requirement(parsed, isolated=True)
        hashes = [one for ones in found.hashes(trust_internet=False)._allowed.values() for one in ones]
        # A folder's line names no package.
        specifier = "" if found.req is None else str(found.specifier)
        entry = {"name": found.name or "", "specifier": specifier, "hashes": hashes}
        link = found.link
        if link is not None:
            entry["link"] = link.url
            if link.is_existing_dir():
                entry["folder"] = link.file_path
        yield entry


def told(text, path):
    with open(path, "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        file.write(text)
    commands.clear()
    context = RoutineContext.from_cli(system=True, allow_global=True, categories=("packages", "dev-packages", "docs"), bare=True)
    do_install_dependencies(Project(), context, create_tracked_tempdir(suffix="-requirements", prefix="pipenv-"))
    return [entry for command in commands for entry in entries_of(command)]


def answer(text, path):
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return {"installs": told(text, path)}
    except (Exception, SystemExit) as error:
        return {"refused": f"{type(error).__name__}: {error}"}


def main():
    for line in sys.stdin:
        found = answer(json.loads(line)["text"], sys.argv[1])
        print(json.dumps(found), flush=True)


main()
