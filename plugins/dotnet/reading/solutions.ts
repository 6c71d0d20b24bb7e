import { trimmed } from "./values.ts";

/** Every name in a solution or its filter that may be a project's or a solution's; null: it cannot be read as MSBuild would. */
export function namesIn(file: string, text: string): readonly string[] | null {
  return /\.slnf$/i.test(file) ? filterNames(text) : solutionNames(text);
}

/** All that stands between two quotes in a line of a solution, projects among it (a name may hold quotes). Null: too much. */
function solutionNames(text: string): readonly string[] | null {
  const lines = text.split(/[\r\n]/).map((line) => line.split('"'));
  if (lines.some((parts) => parts.length > MANY_QUOTES)) return null;
  const names = lines.flatMap((parts) =>
    parts.flatMap((_, from) =>
      parts.slice(from + 2).map((__, more) => parts.slice(from + 1, from + more + 2).join('"')),
    ),
  );
  return names.map(trimmed);
}

const MANY_QUOTES = 64;

/** All strings of a solution filter: projects, and the solution. Null: one that is none. */
function filterNames(text: string): readonly string[] | null {
  const strings = text.matchAll(/\/\/[^\r\n]*|\/\*[^]*?\*\/|("(?:[^"\\\r\n]|\\.)*")/g);
  try {
    return [...strings].flatMap(([, string]) => (string === undefined ? [] : [JSON.parse(string) as string]));
  } catch {
    return null;
  }
}
