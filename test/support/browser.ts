import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Debian's Chromium, which `.ci/run` installs; null: there is none here. */
export const CHROMIUM =
  ["/usr/bin/chromium", process.env["SAFE_INSTALL_CHROMIUM"]].find((path) => path !== undefined && existsSync(path)) ??
  null;

/** A browser without a window. It shows our own pages alone: as root there is no sandbox for it. */
export function startBrowser(): Promise<Browser> {
  if (CHROMIUM === null) throw new TypeError("there is no Chromium here");
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
