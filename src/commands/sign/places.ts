import { SafeInstallError } from "../../errors.ts";
import { parseJsonOr } from "../../json.ts";
import { readBounded } from "../../io/files.ts";
import { placeOf, writeOutput } from "../../io/output.ts";
import { LIMITS } from "../../limits.ts";
import { asJsonLine } from "../../report/text.ts";

interface BundlePlaces {
  /** @returns where it is, as it would be typed */
  write(file: string, bundle: string): Promise<string>;
}

const ENDING = ".sigstore.json";

/**
 * Where the bundles go: beside each file. One that is there already is never replaced; with `append` the new one is a line
 * after it (JSON Lines, as in-toto has several attestations in one file). Looked at before anything is signed, since what a
 * public log has it keeps, and again when a bundle is written: signing takes as long as others answer.
 * @throws SafeInstallError ALREADY_SIGNED, NOT_A_BUNDLE, OUTPUT_LINK
 */
export async function bundlePlaces(files: readonly string[], append: boolean, cwd: string): Promise<BundlePlaces> {
  const seen = new Set<string>();
  for (const file of files) {
    const path = await placeOf(file + ENDING, cwd);
    if (seen.has(path)) throw already(`${file} is named twice`, "name each file once");
    seen.add(path);
    await linesIn(file + ENDING, append, cwd);
  }
  return {
    write: async (file, bundle) => {
      const place = file + ENDING;
      await writeOutput(place, `${await linesIn(place, append, cwd)}${bundle}\n`, cwd);
      return place;
    },
  };
}

async function linesIn(place: string, append: boolean, cwd: string): Promise<string> {
  const content = await readBounded(await placeOf(place, cwd), { maxBytes: LIMITS.evidenceBytes });
  if (content === null) return "";
  if (!append)
    throw already(`${place} is there already`, "--append writes one bundle more into it; or move it away first");
  const text = content.toString("utf8");
  const documents =
    parseJsonOr(text, () => null) ??
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => parseJsonOr(line, () => null));
  if (!Array.isArray(documents)) return `${asJsonLine(documents)}\n`;
  if (documents.some((one) => one === null))
    throw new SafeInstallError("usage", "NOT_A_BUNDLE", `${place} holds something else than bundles`);
  return documents.map((one) => `${asJsonLine(one)}\n`).join("");
}

function already(message: string, hint: string): SafeInstallError {
  return new SafeInstallError("usage", "ALREADY_SIGNED", message, { hint });
}
