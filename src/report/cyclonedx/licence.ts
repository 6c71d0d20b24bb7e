import { LicenseAcknowledgement } from "@cyclonedx/cyclonedx-library/Enums";
import { type License, LicenseExpression, NamedLicense, SpdxLicense } from "@cyclonedx/cyclonedx-library/Models";
import { isSupportedSpdxId } from "@cyclonedx/cyclonedx-library/SPDX";
import { printable } from "../text.ts";

/** In the package's own words: an id or an expression of SPDX where it is exactly one, else a name. null: none is stated. */
export function licenceOf(stated: string | undefined): License | null {
  const text = stated?.trim() ?? "";
  if (text === "") return null;
  const licence = asSpdx(text) ?? new NamedLicense(printable(text));
  licence.acknowledgement = LicenseAcknowledgement.Declared;
  return licence;
}

function asSpdx(text: string): License | null {
  if (isSupportedSpdxId(text)) return new SpdxLicense(text);
  return isExpression(text) ? new LicenseExpression(text) : null;
}

/** SPDX 2.3, annex D, over ids that SPDX lists; which exceptions there are is not looked at. */
export function isExpression(text: string): boolean {
  if (/[^ -~]/.test(text)) return false;
  const words = text.replaceAll(/[()]/g, " $& ").trim().split(/\s+/);
  let at = 0;
  return isCompound(0) && at === words.length;

  function isCompound(depth: number): boolean {
    if (depth > DEEPEST) return false;
    do if (!isSimple(depth)) return false;
    while (["AND", "OR"].includes(words[at] ?? "") && ++at > 0);
    return true;
  }

  function isSimple(depth: number): boolean {
    const word = words[at++] ?? "";
    if (word === "(") return isCompound(depth + 1) && words[at++] === ")";
    const id = word.replace(/\+$/, "");
    if (!isSupportedSpdxId(id) && !/^LicenseRef-[A-Za-z0-9.-]+$/.test(id)) return false;
    if (words[at] !== "WITH") return true;
    at += 2;
    return /^[A-Za-z0-9.-]+$/.test(words[at - 1] ?? "");
  }
}

const DEEPEST = 20;
