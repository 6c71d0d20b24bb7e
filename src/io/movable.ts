import { basename, sep } from "node:path";

/** Whether an installer replaces it, by its way from the project, or from npm's global prefix. */
export function isMovable(path: string): boolean {
  return MOVABLE.test(basename(path)) || GLOBAL.test(path.replaceAll(sep, "/"));
}

/** What npm replaces, and the files that NuGet writes: a restore in obj, locks, and what adding a package changes. */
const MOVABLE =
  /^(?:node_modules|package\.json|package-lock\.json|npm-shrinkwrap\.json|project\.assets\.json|project\.nuget\.cache|[^/\\]+\.(?:nuget\.dgspec\.json|lock\.json|[a-z]*proj|props|targets))$/;

/** Global packages and their commands, below npm's global prefix. */
const GLOBAL = /^(?:(?:lib\/)?node_modules\/(?:@[^/]+\/)?[^/]+|bin\/[^/]+)$/;
