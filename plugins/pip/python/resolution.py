# `pip install --dry-run` inside the guard; then the archives that it chose, fetched with pip's own session.
try:
    status = command.main([])
except SystemExit as end:
    status = end.code
finish({"status": status, "failure": failure[0] if failure else None, "pages": pages, "files": files, "direct": direct,
        "present": present})
