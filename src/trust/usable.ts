import { parseJson } from "../json.ts";
import { registryKeysIn } from "./registry-keys.ts";
import { readTrustedRoot } from "../verify/trust/trusted-root.ts";
import { type TrustRepository, TRUSTED_ROOT } from "./repository.ts";

/** A repository serves something that is no trust root, or one that cannot be used. */
export class RefusedTarget extends Error {}

/** What cannot be read never takes the place of what can. @throws RefusedTarget */
export function requireUsable(
  { name }: Pick<TrustRepository, "name">,
  targets: Readonly<Record<string, Buffer>>,
): void {
  for (const [target, bytes] of Object.entries(targets)) {
    try {
      if (target === TRUSTED_ROOT) readTrustedRoot(parseJson(bytes.toString("utf8")), name);
      else registryKeysIn(bytes);
    } catch (error) {
      throw new RefusedTarget(`what it serves as ${target} cannot be used: ${(error as Error).message}`);
    }
  }
}
