# For programs started with `-S`: the folders of installed packages go onto the path without their `.pth` files being
# read (those may run code), in a virtual environment too; and the user's own folder where this interpreter reads it.
# Source: CPython's `site.py`, 3.8 to 3.14.
import site


def _add_plainly(folder, known_paths=None):
    if os.path.isdir(folder) and folder not in sys.path:
        sys.path.append(folder)
    return known_paths


def _reads_users():
    """As `site.check_enableusersite` says where the interpreter is not started in isolation."""
    if os.environ.get("PYTHONNOUSERSITE") or site.ENABLE_USER_SITE is False:
        return False
    return all(getattr(os, "get" + one, int)() == getattr(os, "gete" + one, int)() for one in ("uid", "gid"))


site.addsitedir = _add_plainly
site.venv(set())
site.ENABLE_USER_SITE = _reads_users()
_users = site.getusersitepackages()
if site.ENABLE_USER_SITE:
    _add_plainly(_users)
site.addsitepackages(set())
