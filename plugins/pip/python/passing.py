# pip with the user's own words, for what passes by the gate: no module of the working directory takes its place (also
# before Python 3.11), variables in a requirements file stay words, and none is fetched.
import sys

if sys.path and sys.path[0] == "":
    del sys.path[0]
if "uninstall" in sys.argv:
    from pip._internal.exceptions import InstallationError
    from pip._internal.req import req_file

    content_of = req_file.get_file_content

    def read_here(url, *args, **kwargs):
        if url.lower().startswith(("http:", "https:")):
            raise InstallationError("safe-install: a requirements file by URL is not read")
        return content_of(url, *args, **kwargs)

    req_file.expand_env_variables = lambda lines: lines
    req_file.get_file_content = read_here
from pip._internal.cli.main import main

sys.exit(main())
