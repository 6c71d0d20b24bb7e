/** Preloaded with --import: writes the process' peak resident set (kB, getrusage) to BENCH_MAX_RSS when it ends. */
import { writeFileSync } from "node:fs";
import process from "node:process";

const file = process.env["BENCH_MAX_RSS"];
delete process.env["BENCH_MAX_RSS"];
if (file !== undefined) process.on("exit", () => writeFileSync(file, String(process.resourceUsage().maxRSS)));
