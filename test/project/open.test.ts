import { ifNoLockfile } from "../../src/project/open.ts";
import { SafeInstallError } from "../../src/errors.ts";
import { expect, it } from "vitest";

it("only a lock that is not there is passed over", () => {
  expect(ifNoLockfile(new SafeInstallError("unbound", "NO_LOCKFILE", "none"))).toBeNull();
  for (const error of [new SafeInstallError("unbound", "LOCK_UNSUPPORTED", "odd"), new TypeError("a bug")])
    expect(() => ifNoLockfile(error)).toThrow(error);
});
