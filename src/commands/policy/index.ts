import { nearest } from "../../nearest.ts";
import { commandIndex } from "../../options.ts";
import type { Runtime } from "../../runtime.ts";
import { misused } from "../../words.ts";

/** `safe-install policy pin|except|test|diff|lint`. @returns the exit code */
export async function policy(args: readonly string[], runtime: Runtime): Promise<number> {
  const at = commandIndex(args);
  const rest = args.toSpliced(at, 1);
  const action = args[at] ?? "";
  const near = nearest(action, ["pin", "except", "test", "diff", "lint"]);
  switch (action) {
    case "pin": {
      const { pin } = await import("./pin.ts");
      return pin(rest, runtime);
    }
    case "except": {
      const { except } = await import("./except.ts");
      return except(rest, runtime);
    }
    case "diff": {
      const { diff } = await import("./diff.ts");
      return diff(rest, runtime);
    }
    case "test": {
      const { test } = await import("./test.ts");
      return test(rest, runtime);
    }
    case "lint": {
      const { lint } = await import("./lint.ts");
      return lint(rest, runtime);
    }
    default:
      throw misused(
        `${["policy", action].join(" ").trim()}: expected pin, except, test, diff or lint${near}`,
        "policy",
      );
  }
}
