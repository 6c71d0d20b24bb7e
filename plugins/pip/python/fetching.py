# Single GETs with pip's own session, for places that do not answer without the user's credentials, proxy or
# certificates.
from concurrent.futures import ThreadPoolExecutor

# What is asked here was asked by others before, or is asked again by another run.
session = command._build_session(options, retries=min(options.retries, 1))
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
