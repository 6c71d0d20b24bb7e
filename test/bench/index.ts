/**
 * `npm run bench [-- --quick]`: every number of the design, beside real peers, in one run.
 * `npm run bench -- --npm`, `-- --pip`, `-- --dotnet`, `-- --growth`: those of npm, of pip, of dotnet, of larger locks alone.
 * `npm run bench -- --against PATH`: this checkout beside another one instead.
 */
import { against } from "./against.ts";
import { checks } from "./checks.ts";
import { dotnetRestores } from "./dotnet.ts";
import { growth } from "./growth.ts";
import { coldInstalls, npmInstalls } from "./installs.ts";
import { machine } from "./machine.ts";
import { startRemoteRegistry } from "./registry.ts";
import { pipInstalls } from "./pip.ts";
import { requestsAndMemory } from "./requests.ts";
import { FULL, QUICK, type Sizes } from "./sizes.ts";
import { startups } from "./startups.ts";
import { formatGroup, type Group } from "./table.ts";
import { verification } from "./verification.ts";
import { openWorkshop } from "./workshop.ts";
import { PYTHON } from "../support/pypi/pythons.ts";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort());

const [, , ...words] = process.argv;
/** Each asks for its own figures and no others. */
const ALONE: readonly string[] = ["--npm", "--pip", "--dotnet", "--growth"];
const other = words.includes("--against") ? (words[words.indexOf("--against") + 1] ?? "") : null;

await measure(words.includes("--quick") ? QUICK : FULL);

async function measure(sizes: Sizes): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-bench-")));
  console.log(`${machine()}\n`);
  try {
    if (other !== null) await compared(other, sizes, folder);
    else {
      const isAsked = (one: string) => words.includes(one) || !words.some((word) => ALONE.includes(word));
      if (isAsked("--npm")) await verificationOnly(sizes);
      if (isAsked("--npm")) await withRegistry(sizes, folder);
      if (isAsked("--pip") && !interrupted.signal.aborted) console.log(formatGroup(await pipInstalls(folder, sizes)));
      if (isAsked("--dotnet")) await ofDotnet(sizes, folder);
      if (isAsked("--growth") && !interrupted.signal.aborted) console.log(formatGroup(await grown(sizes, folder)));
    }
  } catch (error) {
    // What was being measured was interrupted with us.
    if (!interrupted.signal.aborted) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  if (interrupted.signal.aborted) process.exitCode = 130;
}

async function grown(sizes: Sizes, folder: string): Promise<Group> {
  const place = join(folder, "growth");
  mkdirSync(place);
  return growth(place, sizes, python());
}

/** Node says nothing of the processor time of what it has started. */
function python(): string {
  if (PYTHON === null) throw new Error("there is no Python to measure with");
  return PYTHON;
}

async function ofDotnet(sizes: Sizes, folder: string): Promise<void> {
  for await (const group of dotnetRestores(folder, sizes)) {
    console.log(formatGroup(group));
    if (interrupted.signal.aborted) break;
  }
}

async function verificationOnly(sizes: Sizes): Promise<void> {
  for await (const group of verification(sizes)) {
    interrupted.signal.throwIfAborted();
    console.log(formatGroup(group));
  }
}

async function compared(path: string, sizes: Sizes, folder: string): Promise<void> {
  for await (const group of against(path, sizes, folder)) {
    console.log(formatGroup(group));
    if (interrupted.signal.aborted) break;
  }
}

async function withRegistry(sizes: Sizes, folder: string): Promise<void> {
  const { latencyMs, install, check } = sizes;
  const registry = await startRemoteRegistry({ count: Math.max(install, check), latencyMs });
  try {
    const [plain, gated] = [join(folder, "plain"), join(folder, "gated")];
    for (const place of [plain, gated]) mkdirSync(place);
    const some = openWorkshop(folder, registry, install);
    const both = [openWorkshop(plain, registry, install), openWorkshop(gated, registry, install)] as const;
    const many = openWorkshop(folder, registry, check);
    const groups = [
      () => startups(some, sizes),
      () => npmInstalls(both, sizes, python()),
      () => coldInstalls(some, registry, sizes),
      () => checks(many, sizes, python()),
      () => requestsAndMemory(many, registry, sizes),
    ];
    for (const group of groups) {
      if (interrupted.signal.aborted) break;
      console.log(formatGroup(await group()));
    }
  } finally {
    await registry.close();
  }
}
