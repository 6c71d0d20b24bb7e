import type { Handoff, Host } from "../plugin.ts";
import { requireDeclared } from "../project/declared.ts";
import type { Table } from "../table.ts";

/**
 * Lets the real installer work, in one transaction: what it changed is kept only where it ends well and what is on disk
 * is what was proven. @returns the installer's exit code, or that of what follows it
 */
export async function handOff(handoff: Handoff | null, table: Table, host: Host): Promise<number> {
  if (handoff === null) throw new TypeError("all of it is let through, and nobody says how to install it");
  await handoff.prepare();
  await requireDeclared(handoff, table);
  const code = await host.transaction(handoff, async () => {
    const ended = await handoff.install();
    if (ended === 0) await handoff.compare();
    return ended;
  });
  if (code !== 0 && host.signal.aborted) host.notice("safe-install: interrupted; everything was put back as it was");
  return code === 0 && handoff.next !== undefined ? handoff.next() : code;
}
