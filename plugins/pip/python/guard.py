# The first lines of every Python program that we start: an audit hook (PEP 578) that refuses child processes and,
# where told, the network. Refusals are OSErrors: pip asks the system about itself in ways that may fail. Keyring
# helpers are the only children: by name, by absolute path, and never from inside the project.
import json, os, shutil, sys

with open(sys.argv[1], encoding="utf-8") as _file:
    job = json.load(_file)

if not hasattr(sys, "addaudithook"):
    # Before 3.8 there is no such hook, and nothing would hold pip to anything.
    with open(job["answer"], "w", encoding="utf-8") as _file:
        json.dump({"tooOld": "%d.%d.%d" % sys.version_info[:3]}, _file)
    sys.exit(0)

refused = []
_CHILDREN = {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork", "os.forkpty",
             "pty.spawn", "os.startfile", "os.startfile/2"}
_NETWORK = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto"}
_HELPERS = {"keyring", "keyring.exe", "CredentialProvider.Microsoft", "CredentialProvider.Microsoft.exe"}
_DLL = "CredentialProvider.Microsoft.dll"
_basename, _isabs, _realpath, _join = os.path.basename, os.path.isabs, os.path.realpath, os.path.join
_which = shutil.which
_project = _realpath(job["project"])


def _below(path, folder):
    return path == folder or path.startswith(_join(folder, ""))


def _outside(path):
    """Not of the project, but for what lies beside the interpreter that the user chose."""
    if not path or not _isabs(path):
        return False
    launcher = os.path.dirname(path)
    return (_below(launcher, os.path.dirname(sys.executable))
            or not (_below(_realpath(launcher), _project) or _below(launcher, _project)))


def _is_helper(event, args):
    if event not in ("subprocess.Popen", "os.posix_spawn"):
        return False
    words = args[1]
    words = [words] if isinstance(words, (str, bytes)) else [os.fsdecode(word) for word in words]
    program = os.fsdecode(args[0] if args[0] else words[0])
    if _basename(program) in ("dotnet", "dotnet.exe"):
        # dotnet exec CredentialProvider.Microsoft.dll: artifacts-keyring where the provider brings no runtime.
        library = (words[2:] if words[1:2] == ["exec"] else words[1:])[:1]
        return _outside(_which(program)) and [_basename(one) for one in library] == [_DLL] and _outside(library[0])
    return _basename(program) in _HELPERS and _outside(program)


def _named(frame):
    """The package that pip was busy with: for the message only."""
    while frame is not None:
        for key in ("self", "req", "ireq", "link"):
            one = frame.f_locals.get(key)
            kind = type(one).__name__
            if kind == "InstallRequirement":
                return {"name": one.name, "url": str(one.link) if one.link else None}
            if kind == "Link" and key == "link":
                return {"name": None, "url": str(one)}
        frame = frame.f_back
    return {"name": None, "url": None}


def _hook(event, args):
    if event in _CHILDREN and not job.get("children"):
        if _is_helper(event, args):
            return
        program = repr(args[1] if event == "subprocess.Popen" else args[:1])[:300]
        refused.append({"event": event, "program": program, **_named(sys._getframe(1))})
        raise PermissionError(13, "safe-install: child process refused: %s %s" % (event, program))
    if event in _NETWORK and job.get("offline"):
        raise PermissionError(13, "safe-install: network refused: %s" % event)


sys.addaudithook(_hook)


def finish(answer):
    with open(job["answer"], "w", encoding="utf-8") as file:
        json.dump({"refused": refused, **answer}, file)
