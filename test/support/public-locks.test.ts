import { isArchive } from "./public-locks/kept.ts";
import { readKept } from "./public-locks/rebuild.ts";
import { LOCKS, type PublicLock } from "./public-locks/table.ts";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

describe("the table of public locks", () => {
  it("names at least thirty, with 20,000 packages, and each that is kept", () => {
    expect(LOCKS.length).toBeGreaterThanOrEqual(30);
    expect(LOCKS.reduce((sum, { packages }) => sum + packages, 0)).toBeGreaterThanOrEqual(20_000);
    const files = readdirSync(join(import.meta.dirname, "../real/locks")).map((file) => file.replace(/\.br$/, ""));
    expect(LOCKS.map(({ name }) => name).sort()).toEqual(files.sort());
  });

  it("stands in docs/npm.md", () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/npm.md"), "utf8");
    const row = ({ repository, folder, commit, packages }: PublicLock) =>
      `| ${[repository, folder ?? []].flat().join(" ")} | ${commit.slice(0, 7)} | ${packages.toLocaleString("en")} |`;
    expect(LOCKS.map(row).filter((line) => !page.includes(line))).toEqual([]);
  });

  it.each(LOCKS)("$name: as many packages as it says, and no address", ({ name, packages }) => {
    const kept = readKept(name);
    const others = Object.entries(kept.others).filter(([place, entry]) => isArchive(place, entry));
    expect(kept.packages.length + others.length).toBe(packages);
    expect(JSON.stringify(kept)).not.toMatch(/https?:\/\//);
  });
});
