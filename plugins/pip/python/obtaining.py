# The archives that pip chose, each fetched once with pip's own session: its credentials, proxies and certificates. What a
# resolution had to read whole is taken from there.
from concurrent.futures import ThreadPoolExecutor

from pip._internal.operations.prepare import RequirementPreparer
from pip._internal.utils.direct_url_helpers import direct_url_from_link
from pip._internal.utils.misc import remove_auth_from_url

described_by, read_whole, fetches = {}, {}, []
_prepare_more = RequirementPreparer.prepare_linked_requirements_more


def prepare_no_more(self, reqs, *args, **kwargs):
    """What is known by its metadata is fetched by us, or lies here already: pip from 25.3 on does not fetch it either."""
    reqs = list(reqs)
    for one in reqs:
        found = described_by.get(id(one), (one, None))[1]
        if one.needs_more_preparation and one.link.is_wheel and found is not None:
            one.download_info = one.download_info or direct_url_from_link(one.link, None)
            one.needs_more_preparation, one.get_dist = False, lambda found=found: found
    return _prepare_more(self, reqs, *args, **kwargs)


def keep_bytes(response, url):
    """While pip reads an archive to its end, a copy of it: what it is, is found out later, by whoever hashes it."""
    url = remove_auth_from_url(url.split("#")[0])
    if fetches or not job.get("wheels") or not url.endswith(".whl") or url in read_whole:
        return
    stream, path = response.raw.stream, os.path.join(job["wheels"], "read-%d.whl" % len(read_whole))
    stated = response.headers.get("content-length")
    read_whole[url] = None

    def copying(*args, **kwargs):
        size = 0
        with open(path, "wb") as file:
            for chunk in stream(*args, **kwargs):
                size += len(chunk)
                if size <= job["maxBytes"]:
                    file.write(chunk)
                yield chunk
        # Where a connection ended early newer pips go on in it by another request.
        if size <= job["maxBytes"] and stated in (None, str(size)):
            read_whole[url] = path
    response.raw.stream = copying


def fetch(session, number, url):
    path, size = os.path.join(job["wheels"], "%d.whl" % number), 0
    try:
        response = session.get(url, headers={"Accept-Encoding": "identity"}, stream=True)
        if response.status_code != 200:
            return {"url": url, "failure": "answered %d" % response.status_code}
        with open(path, "xb") as file:
            for chunk in response.iter_content(262144):
                size += len(chunk)
                if size > job["maxBytes"]:
                    return {"url": url, "failure": "larger than %d bytes" % job["maxBytes"], "tooLarge": True}
                file.write(chunk)
        return {"url": url, "file": path}
    except Exception as error:
        return {"url": url, "failure": type(error).__name__}


def archives(report):
    """Each archive by its address, with the sha256 that the index states."""
    for item in report["install"]:
        info = item["download_info"]
        if not item["is_direct"] and "archive_info" in info:
            yield info["url"].split("#")[0], (info["archive_info"].get("hashes") or {}).get("sha256")


def obtain(session, kept, number, url, stated):
    """What an earlier run has kept is not fetched: it is taken from there, and hashed, once we are through."""
    here = read_whole.get(remove_auth_from_url(url))
    if here is not None:
        return {"url": url, "file": here}
    return {"url": url, "kept": stated} if stated in kept else fetch(session, number, url)


def obtain_all(session, stated):
    fetches.append(stated)
    kept = set(job["kept"])
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda one: obtain(session, kept, one[0], *one[1]), enumerate(stated.items())))


RequirementPreparer.prepare_linked_requirements_more = prepare_no_more
