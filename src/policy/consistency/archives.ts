import { isAllowedUrl } from "../../url.ts";
import { placeWords } from "../archives.ts";
import { dayOf } from "../day.ts";
import type { Problem } from "../read/problem.ts";
import type { Archive, Policy } from "../schema/index.ts";

/** Each names one place, and each place stands there once: two digests for one address would let either in. */
export function archiveProblems({ archives = [] }: Policy): readonly Problem[] {
  const places = archives.map(placeWords);
  return archives.flatMap((entry, at) => {
    const first = places.indexOf(placeWords(entry));
    const again = first < at ? [{ path: [], message: `archives[${first}] names the same place` }] : [];
    return [...problemsOf(entry), ...again].map(({ path, message }) => ({ path: ["archives", at, ...path], message }));
  });
}

function problemsOf({ url, path, expires }: Archive): readonly Problem[] {
  return [
    ...((url === undefined) === (path === undefined)
      ? [{ path: [], message: "an archive is exactly one of url, path" }]
      : []),
    ...(url === undefined || isAllowedUrl(url)
      ? []
      : [{ path: ["url"], message: "expected an https address without credentials (http on loopback only)" }]),
    ...(path === undefined || !/(?:^|\/)(?:\/|\.?$|\.\/)/.test(path)
      ? []
      : [{ path: ["path"], message: "expected the path of a file, without empty parts and . parts" }]),
    ...(dayOf(expires) === null ? [{ path: ["expires"], message: `the calendar has no ${expires}` }] : []),
  ];
}
