# What the next pip of an environment is started from: nothing of it is a wheel's to bring. Names count in any letters: file
# systems may ignore them. Sources: CPython's Modules/getpath.py (getpath.c up to 3.10), PEP 405, ld.so(8).
import re

_PROGRAM = re.compile(r"(python|pypy)[\d.]*[td]*w?(\.exe)?")
_READ_FIRST = re.compile(r"pyvenv\.cfg|pybuilddir\.txt|.+\._pth")
_LINKED = re.compile(r"(lib)?(python|pypy)[\d.]*[td]*(-c)?\.(so|dylib|dll)[\d.]*"
                     r"|(lib(c|m|dl|rt|util|crypt|pthread)|ld-linux[^.]*)\.so[\d.]*|(vcruntime|msvcp|ucrtbase)[^.]*\.dll")
_BESIDE = re.compile(r"\.|bin|scripts|dlls|lib(64)?([/\\][^/\\]+-linux-[^/\\]+)?")
_OF_A_BUILD = re.compile(r"modules[/\\]setup(\.local)?")
_PIP = re.compile(r"pip(\.[^/\\]*)?\.(py|pyc|pyd|so)")
_COMMAND = re.compile(r"pip[-\d.]*(\.exe|-script\.pyw?)?")
_STANDARD = {os.path.realpath(one).lower() for one in
             (os.path.dirname(os.__file__), *(one for one in sys.path if one.endswith((".zip", "lib-dynload"))))}


def starts(path, scheme):
    """The interpreter, what it reads before anything else, what it is linked with, its own library."""
    path, scheme = path.lower(), _lower(scheme)
    folder, name = os.path.split(path)
    if folder == scheme["scripts"] and _PROGRAM.fullmatch(name):
        return True
    if _OF_A_BUILD.fullmatch(os.path.relpath(path, scheme["scripts"])):
        return True
    beside = folder == scheme["scripts"] or _BESIDE.fullmatch(os.path.relpath(folder, scheme["data"]))
    if beside and (_READ_FIRST.fullmatch(name) or _LINKED.fullmatch(name)):
        return True
    standard = any(_below(path, one) for one in _STANDARD)
    return standard and not any(_below(path, one) for one in _libraries(scheme))


def is_pip(path, scheme):
    """Modules and commands of pip's name."""
    path, scheme = path.lower(), _lower(scheme)
    folder, name = os.path.split(path)
    if folder == scheme["scripts"] and _COMMAND.fullmatch(name):
        return True
    return any(_below(path, os.path.join(one, "pip")) or folder == one and _PIP.fullmatch(name)
               for one in _libraries(scheme))


def _lower(scheme):
    return {key: folder.lower() for key, folder in scheme.items()}


def _libraries(scheme):
    return scheme["purelib"], scheme["platlib"]
