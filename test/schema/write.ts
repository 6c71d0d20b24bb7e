import { GENERATED } from "./generated.ts";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

for (const [path, generate] of Object.entries(GENERATED)) {
  writeFileSync(path, await generate(existsSync(path) ? readFileSync(path, "utf8") : ""));
}
