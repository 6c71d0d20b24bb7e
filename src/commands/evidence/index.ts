import type { Runtime } from "../../runtime.ts";
import { misused } from "../../words.ts";

/** `safe-install evidence`: evidence that is carried somewhere else. @returns the exit code */
export async function evidence([kind, ...args]: readonly string[], runtime: Runtime): Promise<number> {
  switch (kind) {
    case "companion": {
      const { companion } = await import("./companion.ts");
      return companion(args, runtime);
    }
    case "export": {
      const { exportEvidence } = await import("./export.ts");
      return exportEvidence(args, runtime);
    }
    case "verify": {
      const { verifyExport } = await import("./verify.ts");
      return verifyExport(args, runtime);
    }
    case undefined:
    default:
      throw misused("expected: evidence export, evidence verify or evidence companion", "evidence");
  }
}
