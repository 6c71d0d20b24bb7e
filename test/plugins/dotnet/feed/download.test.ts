import { copyInto, download, downloadInto } from "../../../../plugins/dotnet/feed/download.ts";
import { type Feed, nothingLearnt } from "../../../../plugins/dotnet/feed/feed.ts";
import type { Host } from "../../../../src/plugin.ts";
import { makeFifo } from "../../../support/fifo.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const REF = { name: "Acme.Widget", version: "1.0.0" };
const FILE = "acme.widget.1.0.0.nupkg";
const feedAt = (address: string): Feed => ({
  name: "feed",
  address,
  credentials: null,
  project: "/",
  learnt: nothingLearnt(),
});

/** Breaks off once, and is asked again by whoever fetches. */
const fetch: Host["fetch"] = async (url, { receive }) => {
  if (url.endsWith("index.json")) {
    const resources = [{ "@type": "PackageBaseAddress/3.0.0", "@id": "https://feed.example/flat/" }];
    return { status: 200, body: Buffer.from(JSON.stringify({ resources })), limits: {} };
  }
  receive?.()(Buffer.from("the first attempt breaks off"));
  const take = receive?.();
  for (const piece of ["pack", "age"]) take?.(Buffer.from(piece));
  return { status: 200, body: Buffer.alloc(0), limits: {} };
};
const host = { fetch, env: {} } as unknown as Host;
const remote = "https://feed.example/index.json";

describe("a package", () => {
  it("is what the last attempt brought", async () => {
    const file = join(temporaryFolder(), "got");
    writeFileSync(file, "what was there before, and is longer than all that comes");
    expect(await downloadInto(file, feedAt(remote), REF, host)).toBe(
      `https://feed.example/flat/acme.widget/1.0.0/${FILE}`,
    );
    expect(readFileSync(file, "utf8")).toBe("package");
    expect((await download(feedAt(remote), REF, host))?.bytes.toString()).toBe("package");
  });

  it.each([
    ["a flat folder", FILE],
    ["one with a folder for each version", join("acme.widget", "1.0.0", FILE)],
  ])("lies in %s", async (_, path) => {
    const [folder, file] = [temporaryFolder(), join(temporaryFolder(), "got")];
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), "package");
    expect(await downloadInto(file, feedAt(folder), REF, host)).toBe(join(folder, path));
    expect(readFileSync(file, "utf8")).toBe("package");
  });

  it("lies in none: no feed has it", async () => {
    const file = join(temporaryFolder(), "got");
    expect(await downloadInto(file, feedAt(temporaryFolder()), REF, host)).toBeNull();
    expect(await copyInto(file, join(temporaryFolder(), "a"))).toBe(false);
  });

  it("that is no file is not waited for", async () => {
    const [folder, file] = [temporaryFolder(), join(temporaryFolder(), "got")];
    makeFifo(join(folder, FILE));
    await expect(downloadInto(file, feedAt(folder), REF, host)).rejects.toThrow(/is no file/);
  });
});
