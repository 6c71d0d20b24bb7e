/** Nothing is signed, sent or written that should not be; and nothing secret is told. */
import { inFile } from "./guard.ts";

const KEYLESS = "test/commands/sign/keyless.test.ts";
const KEYS = "test/commands/sign/index.test.ts";
const story = inFile("src/sign/sign.ts", KEYLESS);
const logged = inFile("src/sign/sign.ts", KEYS);
const answer = inFile("src/sign/key/answer.ts", "test/sign/key/answer.test.ts");
const spelling = inFile("src/sign/key/ecdsa.ts", "test/sign/key/ecdsa.test.ts");
const window = inFile("src/sign/keyless/window.ts", "test/sign/keyless/window.test.ts");
const command = inFile("src/commands/sign/keyless.ts", KEYLESS);
const places = inFile("src/commands/sign/places.ts", KEYS);
const keys = inFile("src/commands/sign/keys.ts", KEYS);
const record = inFile("src/sign/public-record.ts", "test/sign/public-record.test.ts");
const provenance = inFile("src/sign/provenance.ts", KEYLESS);
const foreseen = inFile("src/policy/signers/foreseen.ts", KEYLESS);
const checked = inFile("src/commands/sign/check.ts", "test/commands/sign/check.test.ts");
const summary = inFile("src/sign/summary.ts", "test/commands/sign/check.test.ts");

export const SIGNING = [
  story({
    name: "sign: what does not verify is not written",
    code: "SIGNATURE_INVALID",
    remove: 'if (verdict.status === "verified") return;',
    put: 'if (verdict.status !== "broken") return;',
    named: "another instance's root",
  }),
  logged({
    name: "sign: written down before it is asked for",
    remove: "const conclude = await audit.intend({",
    put: "const conclude = await { intend: async () => async () => {} }.intend({",
    named: "on a full disk nothing is signed",
  }),
  logged({
    name: "sign: a bundle is written only once its outcome is",
    remove: 'await conclude({ outcome: "signed", ...about, bundle: sha256(text) });',
    put: 'void conclude({ outcome: "signed", ...about, bundle: sha256(text) }).catch(() => {});',
    named: "that cannot be written any more, once signed",
  }),
  answer({
    name: "sign: an answer is verified under the announced key",
    remove: "if (signature !== null && holds(signature, form, asked)) return signature;",
    put: "if (signature !== null) return signature;",
    named: "another key's is refused with its reason",
  }),
  spelling({
    name: "sign: a number is positive, and no longer than it is",
    remove: "return parts !== null && derOf(...parts).equals(signature);",
    put: "return parts !== null;",
    named: "a number with zeros before it",
  }),
  window({
    name: "sign: asked again only while the window is open",
    remove: "if (clock.now() >= window.closes) throw closed(whom, window, reason);",
    put: "",
    named: "the certificate's window closes",
  }),
  window({
    name: "sign: the token goes out of a message before that is cut",
    remove: 'return said.replaceAll(secret, "(the token)").replaceAll(TOKEN, "(a token)").slice(0, 300);',
    put: "return said.slice(0, 300);",
    named: "without the secret",
  }),
  window({
    name: "sign: what is refused is asked once",
    remove: "if (!mayPass(error)) throw unavailable(whom, reason);",
    put: "",
    named: "what is refused stays",
  }),
  command({
    name: "sign: the token is compared before a certificate is asked for",
    code: "UNTRUSTED_SIGNER",
    remove: "atHand?.require(foreseen.claims, foreseen.isWhole);",
    put: "",
    named: "another repository: stopped",
  }),
  command({
    name: "sign: the certificate is compared before anything is logged",
    remove: "atHand?.require(key.claims, true);",
    put: "",
    named: "names somebody else is found before",
  }),
  command({
    name: "sign: a token of Azure DevOps and the public instance, by the environment",
    remove: 'if (isPublic && source.name.startsWith("Azure")) throw notTaken();',
    put: "",
    named: "a token of Azure DevOps and the public instance",
  }),
  command({
    name: "sign: the same by the token's words",
    remove: "if (isPublic && isOfAzure(token)) throw notTaken();",
    put: "",
    named: "a token of Azure DevOps and the public instance",
  }),
  command({
    name: "sign: what becomes public is asked before the certificate",
    remove: "requireMayBePublic(claims, isAllowed);",
    put: "requireMayBePublic(claims, true);",
    named: "not known to be public",
  }),
  record({
    name: "sign: only what is known to be public is public",
    remove: 'return visibility === "public";',
    put: 'return visibility !== "private";',
    named: "only what is known to be public goes without a word",
  }),
  foreseen({
    name: "sign: a claim that the token lacks will be lacking",
    remove: "isWhole || (claims[claim]",
    put: "(claims[claim]",
    named: "an environment that the job has not",
  }),
  provenance({
    name: "sign: provenance agrees with the identity",
    code: "PROVENANCE_MISMATCH",
    remove: "if (details.length === 0) return;",
    put: "return;",
    named: "names another commit than the token",
  }),
  provenance({
    name: "sign: the run and the ref of a provenance are the identity's too",
    code: "PROVENANCE_MISMATCH",
    remove: "...(isWhole ? whole : [])",
    put: "",
    named: "names another run than the token",
  }),
  command({
    name: "sign: the public logs are known by their keys too",
    remove: " || isPublicRoot(root, publicGoodRoot())",
    put: "",
    named: "the trust root tells",
  }),
  checked({
    name: "sign --check: of a rule's signers alone",
    remove: "return named ?? Object.keys(policy.signers ?? {});",
    put: "return Object.keys(policy.signers ?? {}).concat(named ?? []);",
    named: "not of the package's rule",
  }),
  summary({
    name: "sign: the same bytes were not refused elsewhere in the report",
    remove: "for (const { found } of judged)",
    put: "for (const { found } of judged.slice(0, 1))",
    named: "judges the same bytes twice",
  }),
  places({
    name: "sign: what appears while it is signed is not replaced",
    remove: "`${await linesIn(place, append, cwd)}${bundle}\\n`",
    put: "`${bundle}\\n`",
    named: "somebody else writes meanwhile",
  }),
  places({
    name: "sign: a bundle that is there is never replaced",
    remove: "  if (!append)\n",
    put: "  if (append && !append)\n",
    named: "is never replaced",
  }),
  keys({
    name: "sign: a program's name is not looked for in the repository",
    remove: "(await which([name], { outside: await groundsOf(cwd), env }))",
    put: '(await which([name], { outside: "/nonexistent", env }))',
    named: "a name is not looked for in the repository",
  }),
  keys({
    name: "sign: the password is not in a program's environment",
    remove: "env: others }, options",
    put: "env }, options",
    named: "the password is not in its environment",
  }),
  summary({
    name: "sign: a summary says PASSED of what a signature let through",
    remove: 'if (found.outcome !== "allowed" || found.ground !== "signed")',
    put: 'if (found.outcome === "audited")',
    named: "a report that denies it is no ground",
  }),
];
