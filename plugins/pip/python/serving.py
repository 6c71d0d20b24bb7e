# One interpreter for several questions: to start one, and to load pip, takes longer than most of them. Each is answered by a copy
# of this process (fork) that is held by the guard like any other, and that changes nothing here. On descriptor 3 a line is
# written where the next question may come; it is the file of its job, and its end and exit code go beside that file.
import gc, signal

for _module in ("commands.install", "cli.main_parser", "resolution.resolvelib.resolver", "operations.install.wheel"):
    try:
        __import__("pip._internal." + _module)
    except Exception:
        # Who needs it says so himself.
        break
gc.freeze()
_child, _over = 0, False


def _asked():
    os.write(3, b"next\n")
    line = b""
    while not line.endswith(b"\n"):
        read = os.read(3, 4096)
        if not read:
            sys.exit(0)
        line += read
    return os.fsdecode(line[:-1])


def _pass_on(number, frame):
    """Whoever ends us ends the one that answers: it has as long as we have, but for a second."""
    global _over
    _over = True
    if not _child:
        os._exit(128 + number)
    os.kill(_child, number)
    signal.alarm(4)


def _copied():
    """Whether this is the copy. Nothing reaches us between its beginning and our knowing of it."""
    global _child
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    job["children"] = True
    _child = os.fork()
    job["children"] = False
    if not _child:
        for one in (*_ENDING, signal.SIGALRM):
            signal.signal(one, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.close(3)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    return not _child


def _end_of(child):
    status = os.waitpid(child, 0)[1]
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


_ENDING = {signal.SIGTERM, signal.SIGHUP}
for _one in _ENDING:
    signal.signal(_one, _pass_on)
# It may ring when that one has ended: 0 would be everybody of our group.
signal.signal(signal.SIGALRM, lambda *_: _child and os.kill(_child, signal.SIGKILL))
# From a terminal it reaches the copy too, and our end is told us.
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    _file = _asked()
    if _copied():
        break
    _code = _end_of(_child)
    _child = 0
    with open(_file + ".ended", "x") as _ended:
        _ended.write(str(_code))
    if _over:
        os._exit(_code)

with open(_file, encoding="utf-8") as _ended:
    job.clear()
    job.update(json.load(_ended))
for _name in job["unset"]:
    os.environ.pop(_name, None)
os.environ.update(job["set"])
sys.argv = [_file + ".py", _file]
with open(_file + ".py", encoding="utf-8") as _ended:
    _text = _ended.read()
exec(compile(_text, _file + ".py", "exec"))
