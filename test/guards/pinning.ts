/** The question that a denied installation ends in, and what `policy pin -- COMMAND` makes of it. */
import { inFile } from "./guard.ts";

const PIN = "test/e2e/npm-pin.test.ts";
const question = inFile("src/author/suggest.ts", PIN);
const retype = inFile("src/author/words/change.ts", PIN);

export const PINNING = [
  question({
    name: "the question is about all platforms",
    remove: "(await part.everywhere?.()) ?? part",
    put: "part",
    named: "a new package",
  }),
  question({
    name: "the question knows the other versions of a package",
    remove: "names.has(nameKey(ref)) || !here.has(ref.purl)",
    put: "!here.has(ref.purl) || unknown.some(({ purl }) => purl === ref.purl)",
    named: "another version of a package that is there stays let in",
  }),
  retype({
    name: "a credential that was typed is not repeated",
    remove: 'command.some(isSecret) ? ["THE SAME COMMAND"] : command.map(quoted)',
    put: "command.map(quoted)",
    named: "a credential that was typed is not repeated",
  }),
  retype({
    name: "what is printed can be copied into a shell",
    remove: "text.replaceAll(\"'\", \"'\\\\''\")",
    put: 'text.replaceAll("<", "")',
    named: "a range, for development",
  }),
  inFile(
    "src/project/open.ts",
    PIN,
  )({
    name: "what is pinned with a command is this repository's",
    remove: "  await refuseProjectOutside(request.cwd, project.folder);\n",
    put: "",
    named: "a project above the repository",
  }),
  inFile(
    "src/author/arguments.ts",
    PIN,
  )({
    name: "only what is gated can be pinned with a command",
    remove: 'if (invocation.kind === "refuse")',
    put: "if (words === null)",
    named: "npm link is refused",
  }),
  inFile(
    "src/commands/policy/pin.ts",
    PIN,
  )({
    name: "pinning with a command needs a policy that is there",
    remove: "if (text !== null) return;",
    put: "if (text !== shown) return;",
    named: "a first policy, in a folder with nothing in it",
  }),
];
