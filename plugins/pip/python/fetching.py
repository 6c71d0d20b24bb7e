# Single GETs with pip's own session, for places that do not answer without the user's credentials, proxy or
# certificates.
from concurrent.futures import ThreadPoolExecutor

session = command._build_session(options)
session.auth.prompting = False


def fetch(ask):
    try:
        headers = {"Accept": ask["accept"], "Accept-Encoding": "identity", "Cache-Control": "max-age=0"}
        response, size = session.get(ask["url"], headers=headers, stream=True), 0
        with open(ask["file"], "xb") as file:
            for chunk in response.iter_content(262144):
                size += len(chunk)
                if size > ask["maxBytes"]:
                    return {"failure": "answered more than %d bytes" % ask["maxBytes"]}
                file.write(chunk)
        return {"status": response.status_code, "type": response.headers.get("content-type", "")}
    except Exception as error:
        return {"failure": type(error).__name__}


with ThreadPoolExecutor(4) as pool:
    finish({"answers": list(pool.map(fetch, job["asks"]))})
