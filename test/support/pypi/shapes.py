"""python3 shapes.py FOLDER: a wheel of each odd shape that real packages have, for plain pip and ours to install."""
import base64, hashlib, os, py_compile, sys, tempfile, zipfile

FOLDER = sys.argv[1]
TAG = "py3-none-any"


def compiled(source):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "m.py")
        with open(path, "w") as file:
            file.write(source)
        with open(py_compile.compile(path, cfile=path + "c", dfile="built/elsewhere.py"), "rb") as file:
            return file.read()


def row(name, data):
    return "%s,sha256=%s,%d\n" % (name, base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("="), len(data))


def wheel(name, version="1.0", files=(), build="", pure=True, wrong=(), modes=(), requires=()):
    """`wrong`: their rows in RECORD are those of other bytes. INFO in a path is the folder of metadata."""
    stem = "%s-%s" % (name.replace("-", "_"), version)
    info = stem + ".dist-info"
    metadata = "Metadata-Version: 2.1\nName: %s\nVersion: %s\n" % (name, version)
    metadata += "".join("Requires-Dist: %s\n" % one for one in requires)
    parts = {key.replace("INFO", info).replace("DATA", stem + ".data"): text for key, text in dict(files).items()}
    parts[info + "/METADATA"] = metadata + "\nAbout\n"
    parts[info + "/WHEEL"] = "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: %s\nTag: %s\n" % (str(pure).lower(), TAG)
    parts = {key: text.encode() if isinstance(text, str) else text for key, text in parts.items()}
    record = "".join(row(key, b"other" if key.replace(info, "INFO") in wrong else data) for key, data in parts.items())
    with zipfile.ZipFile(os.path.join(FOLDER, "%s%s-%s.whl" % (stem, build, TAG)), "w") as archive:
        for key, data in {**parts, info + "/RECORD": (record + info + "/RECORD,,\n").encode()}.items():
            entry = zipfile.ZipInfo(key, (2020, 2, 2, 2, 2, 2))
            entry.external_attr = dict(modes).get(key, 0o100644) << 16
            archive.writestr(entry, data)


CACHED = "__pycache__/m.%s.pyc" % sys.implementation.cache_tag
wheel("compiled", files={"compiled/m.py": "V = 1\n", "compiled/" + CACHED: compiled("V = 1\n")})  # numpy 1.26.4
wheel("alone", files={"alone/m.py": "V = 1\n", "alone/" + CACHED.replace("m.", "gone."): compiled("V = 1\n")})  # without source
wheel("broken-source", files={"broken_source/m.py": "print 'two'\n", "broken_source/" + CACHED: compiled("V = 2\n")})  # templates
wheel("marked", files={"marked.py": "", "INFO/INSTALLER": "uv\n"})  # repacked from an installation
wheel("asked", files={"asked.py": "", "INFO/REQUESTED": "by somebody\n"}, requires=["asked-deep"])
wheel("asked-deep", files={"asked_deep.py": "", "INFO/REQUESTED": "by somebody\n"})
wheel("tagged", files={"tagged.py": ""}, build="-7b")  # build tags
wheel("signed", files={"signed.py": "", "INFO/RECORD.jws": "{}", "INFO/RECORD.p7s": "x"})  # PEP 427
wheel("spread", pure=False, files={  # jupyter, meson, uv
    "spread/__init__.py": "",
    "DATA/scripts/spread-python": "#!python\nprint(1)\n", "DATA/scripts/spread-pythonw": "#!pythonw -x\r\nprint(1)\n",
    "DATA/scripts/spread-shell": "#!/bin/sh\necho 1\n", "DATA/scripts/spread-binary": b"\x7fELF\x00\x01",
    "DATA/data/share/spread/a.txt": "a", "DATA/data/etc/spread.cfg": "b", "DATA/headers/spread.h": "c",
    "DATA/purelib/spread_pure.py": "V = 1\n", "DATA/platlib/spread_plat.py": "V = 1\n"})
wheel("Upper.Case", files={"Upper/Case.py": "V = 1\n"})  # Jinja2, PyYAML
wheel("space-one", files={"space/one.py": "V = 1\n"})  # zope.interface, google-*
wheel("space-two", files={"space/two.py": "V = 2\n"})
wheel("same-one", files={"same/__init__.py": "", "same/one.py": ""})
wheel("same-two", files={"same/__init__.py": "", "same/two.py": ""})
wheel("scripted", files={"scripted.py": "def f(): pass\n", "DATA/scripts/tool": "#!python\n# wrapped\n",
                         "INFO/entry_points.txt": "[console_scripts]\ntool = scripted:f [more]\nother = scripted:f\n"
                                                  "[gui_scripts]\nwindow = scripted:f\n[another]\nx = y:z\n"})
wheel("disagrees", files={"disagrees.py": "V = 1\n"}, wrong=["INFO/METADATA", "disagrees.py"])
wheel("modes", files={"modes/run.sh": "#!/bin/sh\n", "modes/run.py": "V = 1\n", "modes/link": "run.sh", "modes/odd name.txt": "é"},
      modes={"modes/run.sh": 0o100755, "modes/run.py": 0o100777, "modes/link": 0o120777})
wheel("paths", files={"paths.pth": "/nowhere\n", "paths-nspkg.pth": "import sys\n", "paths_pkg/data.json": "{}"})  # setuptools
wheel("vendored", files={"vendored/x-1.0.dist-info/INSTALLER": "pip\n", "vendored/x-1.0.dist-info/RECORD": "a,,\n"})  # setuptools
