import type { RemoteRegistry, Requests } from "./registry.ts";
import type { Sizes } from "./sizes.ts";
import type { Group, Line } from "./table.ts";
import { peakMemory } from "./timing.ts";
import type { Workshop } from "./workshop.ts";

/** How much memory one run takes at its peak, and how often it asks the registry. */
export async function requestsAndMemory(workshop: Workshop, registry: RemoteRegistry, sizes: Sizes): Promise<Group> {
  const lines: Line[] = [];
  workshop.forget();
  await registry.requests();
  await run("check, cold", "check");
  await run("check, cached", "check");
  workshop.forget();
  await run("npm ci, cold", "npm", "ci");
  workshop.uninstall();
  await run("npm ci, cached", "npm", "ci");
  return {
    title: `Peak memory and requests a package: ${sizes.check} packages`,
    lines,
    note: "peak resident set of safe-install's own process; requests as tarballs + attestations + others (packuments)",
  };

  async function run(name: string, ...words: readonly string[]): Promise<void> {
    const peak = await peakMemory(workshop.safeInstall(...words));
    const asked = await registry.requests();
    lines.push({
      name: `${name}: ${perPackage(asked, sizes.check)}`,
      value: `${peak.toFixed(0)} MB`,
      target: name === "npm ci, cold" ? "<= 250 MB, 1+1+0" : `<= 250 MB, ${name === "check, cold" ? "0+1+0" : "none"}`,
    });
  }
}

function perPackage({ tarballs, attestations, others }: Requests, packages: number): string {
  const each = (count: number) => String(Number((count / packages).toFixed(2)));
  return [tarballs, attestations, others].map(each).join(" + ");
}
