# For programs started with `-S`: the folders of installed packages go onto the path without their `.pth` files being
# read (those may run code), in a virtual environment too. Source: CPython's `site.py`, 3.8 to 3.14.
import site


def _add_plainly(folder, known_paths=None):
    if os.path.isdir(folder) and folder not in sys.path:
        sys.path.append(folder)
    return known_paths


site.addsitedir = _add_plainly
site.addsitepackages(site.venv(set()))
