/** The commands of docs/evidence.md, each typed as it stands. */
import { parseCommandLine } from "../../src/options.ts";
import { page } from "../support/pages.ts";
import { KINDS, promotionWorld } from "../support/promotion.ts";
import { policyFor } from "../support/signed.ts";
import { expect, it } from "vitest";

it.each(page("docs/evidence.md").blocks.filter(({ comment }) => comment.startsWith("promotion:")))(
  "line $line: promotes what is signed",
  async ({ text }) => {
    const [{ make }] = KINDS;
    const world = promotionWorld("npm");
    const widget = make("widget");
    world.put(`dist/${widget.filename}`, widget.bytes);
    await world.sign(make("widget"), "widget");
    world.put("release-policy.json", policyFor(["widget"]));
    const command = parseCommandLine(text.trim().split(" ").slice(1));
    if (command.name !== "check") throw new Error(`no check: ${text}`);
    const { policy } = command.options;
    expect((await world.check(command.lockfiles, { options: { policy } })).exit).toBe(0);
  },
);
