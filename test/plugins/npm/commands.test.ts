import { classify } from "../../../plugins/npm/args.ts";
import { expect, test } from "vitest";

/** Every command and alias of npm 10.9.9, 11.19.1 and 12.2.2 (`lib/utils/cmd-list.js`). */
const COMMANDS: Readonly<Record<string, string>> = {
  "10, 11 and 12":
    "access add audit author bugs c cache ci cit clean-install clean-install-test completion config " +
    "create ddp dedupe deprecate diff dist-tag dist-tags docs doctor edit exec explain explore find " +
    "find-dupes fund get help help-search hlep home i ic in info init innit ins inst insta instal install " +
    "install-ci-test install-clean install-test isnt isnta isntal isntall isntall-clean issues it la link " +
    "list ll ln login logout ls ogr org outdated owner pack ping pkg prefix profile prune publish query r " +
    "rb rebuild remove repo restart rm root rum run run-script s sbom se search set show sit start stop t " +
    "team test token tst udpate un uninstall unlink unpublish up update upgrade urn v verison version " +
    "view whoami why x",
  "10": "add-user adduser hook shrinkwrap star stars unstar",
  "11": "add-user adduser approve-scripts deny-scripts install-scripts shrinkwrap stage star stars trust u undeprecate unstar",
  "12": "approve-scripts deny-scripts install-scripts patch stage trust u undeprecate",
};

/** Of those, what fetches archives or runs the scripts of packages, by npm's own code: given a name, nothing of it passes. */
const REACHES = new Set(
  (
    "add cache ci cit clean-install clean-install-test create ddp dedupe diff edit exec find-dupes i ic in init innit " +
    "ins inst insta instal install install-ci-test install-clean install-scripts install-test isnt isnta isntal isntall " +
    "isntall-clean it link ln pack patch prune publish r rb rebuild remove rm sit stage u udpate un uninstall unlink up update " +
    "upgrade x"
  ).split(" "),
);

const all = Object.values(COMMANDS).flatMap((names) => names.split(" "));

test("every command that fetches archives or runs the scripts of packages is gated or refused", () => {
  const named = (command: string) => (command === "cache" ? ["add", "lodash"] : ["lodash"]);
  const passes = all.filter((command) => classify([command, ...named(command)]).kind === "pass");
  expect(passes.filter((command) => REACHES.has(command))).toEqual([]);
  expect(all).toHaveLength(144);
});

test("every other command passes, but for what changes who may run scripts", () => {
  const stopped = all.filter((command) => !REACHES.has(command) && classify([command]).kind !== "pass");
  expect(stopped).toEqual(["approve-scripts", "deny-scripts", "approve-scripts", "deny-scripts"]);
});
