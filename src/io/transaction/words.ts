import { SafeInstallError } from "../../errors.ts";
import type { Life } from "./owner.ts";
import { dirname } from "node:path";

/** @param path what is to be replaced */
export function cannotSetAside(path: string, error: unknown): SafeInstallError {
  const { code, message } = error as NodeJS.ErrnoException;
  const [why, hint] = REASONS[code ?? ""]?.(path) ?? [message, "mend that and run it again; nothing was changed"];
  return new SafeInstallError("unavailable", "CANNOT_SET_ASIDE", `${path} cannot be set aside: ${why}`, {
    hint,
    cause: error,
  });
}

const NO_PERMISSION = (path: string) =>
  [
    "there is no permission to move it",
    `run as the user that owns it, or make ${path} and ${dirname(path)} writable for this one`,
  ] as const;

const REASONS: Readonly<Record<string, (path: string) => readonly [string, string]>> = {
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
  EROFS: (path) => ["it is on a read-only file system", `mount ${dirname(path)} for writing`],
  EBUSY: (path) => [
    "it is a mount point of its own, or in use",
    `mount ${dirname(path)}, the folder around it, instead; or end what uses it`,
  ],
  EXDEV: () => [
    "it is on another device than the folder around it, or in a lower layer of it, and could not be copied",
    "see that both can be written",
  ],
  ENOSPC: () => [
    "there is no space left to copy it",
    "it is a mount point, or in a lower layer: what cannot be moved is copied; free as much space as it takes",
  ],
};

/** What a transaction may never replace. */
export function outside(path: string, why: string, hint?: string): SafeInstallError {
  return new SafeInstallError("unavailable", "OUTSIDE_PROJECT", `${path} ${why}`, hint === undefined ? {} : { hint });
}

export function noJournal(path: string, why: string, cause?: unknown): SafeInstallError {
  return new SafeInstallError("unavailable", "NO_JOURNAL", `${path} ${why}`, {
    hint: "what waits aside is written down there before anything moves; XDG_STATE_HOME names another place",
    cause,
  });
}

/** @param file the open journal */
export function anotherRun(
  root: string,
  file: string,
  { id, life }: { readonly id: number | null; readonly life: Life },
): SafeInstallError {
  const who = id === null ? "another safe-install" : `another safe-install (process ${id})`;
  const unseen = "in another container or on another machine, and whether it still is cannot be seen from here";
  const said = life === "unknown" ? `${who} was at work in ${root}, ${unseen}` : `${who} is at work in ${root}`;
  const ended = file.replace(/(?:\.open)?\.json$/, ".ended.json");
  return new SafeInstallError("unavailable", "ANOTHER_RUN", said, {
    hint: `wait for it to end; if it has ended for certain, mv ${file} ${ended}: the next run then puts everything back`,
  });
}

/** @param file the journal, by which the next run tries again */
export function cannotPutBack(root: string, file: string, error: unknown, first: unknown): SafeInstallError {
  const before = first === null ? "" : `${(first as Error).message}; and `;
  return new SafeInstallError(
    first instanceof SafeInstallError ? first.kind : "unavailable",
    "CANNOT_PUT_BACK",
    `${before}what was set aside in ${root} cannot be put back: ${(error as Error).message}`,
    {
      hint: `mend that and run it again: the next run puts back what still waits in the .safe-install-* folders, as ${file} says`,
      cause: first ?? error,
    },
  );
}
