import type { SafeInstallError } from "../../errors.ts";
import type { AnswerForm } from "../../sign/key/answer.ts";
import type { KeyInput } from "../../sign/key/digest-info.ts";
import { dayOf } from "../../policy/day.ts";
import { misused, readWords } from "../../words.ts";

/** What `safe-install sign` is asked. */
export interface SignArguments {
  readonly kind: "sign";
  readonly files: readonly [string, ...string[]];
  readonly by: SignedWith;
  readonly what: SigningSubject;
  readonly auditLog: string | null;
  /** One bundle more in the same file. */
  readonly append: boolean;
}

/** What `sign --check` is asked: it signs nothing. The names of files are as they were typed. */
export interface CheckArguments {
  readonly kind: "check";
  readonly files: readonly [string, ...string[]];
  readonly policy: string | null;
  readonly trustedRoot: string | null;
  readonly publicKey: string | null;
}

type SignedWith = KeyFileArguments | KeyCommandArguments | KeylessArguments;

interface KeyFileArguments {
  readonly kind: "file";
  readonly file: string;
  readonly padding: AnswerForm["padding"];
  readonly publicKeyOut: string | null;
  /** When the key is to be replaced; null: nothing says. */
  readonly ends: Date | null;
}

interface KeyCommandArguments {
  readonly kind: "command";
  readonly command: string;
  readonly publicKey: string;
  readonly form: AnswerForm & { readonly input: KeyInput };
  readonly publicKeyOut: string | null;
  readonly ends: Date | null;
}

/** The names of files are as they were typed. */
export interface KeylessArguments {
  readonly kind: "identity";
  readonly signingConfig: string | null;
  readonly trustedRoot: string | null;
  readonly tokenFile: string | null;
  readonly audience: string;
  readonly serviceConnection: string | null;
  readonly policy: string | null;
  readonly signer: string | null;
  readonly publicLog: boolean;
}

type SigningSubject =
  | { readonly kind: "blob" }
  /** SLSA, of what the environment says. */
  | { readonly kind: "provenance" }
  /** That it was judged by a policy (VSA). */
  | { readonly kind: "summary"; readonly report: string; readonly verifier: string; readonly policy: string | null }
  | { readonly kind: "predicate"; readonly file: string; readonly type: string };

/** @throws SafeInstallError usage */
export function parseSign(args: readonly string[]): SignArguments | CheckArguments {
  const { values, positionals } = readWords(args, OPTIONS, "sign");
  const [first, ...rest] = positionals;
  if (first === undefined) throw usage("name the FILES that are to be signed");
  if (values.check === true) return checkIn([first, ...rest], values);
  const by = signedWith(values);
  return {
    kind: "sign",
    files: [first, ...rest],
    by,
    what: subjectIn(values, by.kind === "identity"),
    auditLog: values["audit-log"] ?? null,
    append: values.append ?? false,
  };
}

type Values = ReturnType<typeof readWords<typeof OPTIONS>>["values"];

const TEXT = { type: "string" } as const;
const FLAG = { type: "boolean" } as const;

const OF_KEYS = {
  "key-format": TEXT,
  "key-input": TEXT,
  padding: TEXT,
  "public-key": TEXT,
  "public-key-out": TEXT,
  "key-ends": TEXT,
} as const;

const OF_IDENTITIES = {
  "signing-config": TEXT,
  "trusted-root": TEXT,
  "identity-token": TEXT,
  audience: TEXT,
  "service-connection": TEXT,
  signer: TEXT,
  "public-log": FLAG,
} as const;

const OPTIONS = {
  key: TEXT,
  "key-command": TEXT,
  ...OF_KEYS,
  ...OF_IDENTITIES,
  blob: FLAG,
  predicate: TEXT,
  type: TEXT,
  vsa: TEXT,
  verifier: TEXT,
  policy: TEXT,
  check: FLAG,
  "audit-log": TEXT,
  append: FLAG,
} as const;

function signedWith(values: Values): SignedWith {
  const { key, "key-command": command } = values;
  if (key !== undefined && command !== undefined) throw usage("--key and --key-command exclude each other");
  if (key === undefined && command === undefined) return identityIn(values);
  refuse(values, Object.keys(OF_IDENTITIES), "does not go with a key");
  const padding = oneOf("padding", values.padding, ["pkcs1", "pss"]);
  const publicKeyOut = values["public-key-out"] ?? null;
  const ends = endIn(values["key-ends"]);
  if (key !== undefined) {
    refuse(values, ["public-key", "key-format", "key-input"], "goes with --key-command");
    return { kind: "file", file: key, padding, publicKeyOut, ends };
  }
  const { "public-key": publicKey } = values;
  if (command === undefined || publicKey === undefined)
    throw usage("--key-command: which key is it? --public-key FILE.pem");
  const format = oneOf("key-format", values["key-format"], ["der", "p1363"]);
  const input = oneOf("key-input", values["key-input"], ["digest", "digestinfo", "message"]);
  return { kind: "command", command, publicKey, form: { format, padding, input }, publicKeyOut, ends };
}

function endIn(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const day = dayOf(text);
  if (day === null) throw usage(`--key-ends ${text}: a day, as 2027-03-31`);
  return day;
}

function identityIn(values: Values): KeylessArguments {
  refuse(values, Object.keys(OF_KEYS), "goes with --key or --key-command");
  return {
    kind: "identity",
    signingConfig: values["signing-config"] ?? null,
    trustedRoot: values["trusted-root"] ?? null,
    tokenFile: values["identity-token"] ?? null,
    audience: values.audience ?? "sigstore",
    serviceConnection: values["service-connection"] ?? null,
    policy: values.policy ?? null,
    signer: values.signer ?? null,
    publicLog: values["public-log"] ?? false,
  };
}

function checkIn(files: CheckArguments["files"], values: Values): CheckArguments {
  const known = new Set(["check", "policy", "trusted-root", "public-key"]);
  refuse(
    values,
    Object.keys(OPTIONS).filter((one) => !known.has(one)),
    "does not go with --check: it signs nothing",
  );
  const { policy = null, "trusted-root": trustedRoot = null, "public-key": publicKey = null } = values;
  return { kind: "check", files, policy, trustedRoot, publicKey };
}

/** With a key, provenance from environment variables would be a claim that anybody can make. */
function subjectIn(values: Values, hasIdentity: boolean): SigningSubject {
  const { blob, predicate: file, type, vsa: report, verifier, policy = null } = values;
  if ([blob === true, file ?? type, report].filter((one) => one !== undefined && one !== false).length > 1)
    throw usage("--blob, --predicate and --vsa exclude each other");
  if (report !== undefined || verifier !== undefined) return summaryIn(report, verifier, policy);
  if (policy !== null && !hasIdentity) throw usage("--policy does not go with a key, but for --check and --vsa");
  if (file === undefined && type === undefined) return { kind: blob === true || !hasIdentity ? "blob" : "provenance" };
  if (file === undefined || type === undefined) throw usage("--predicate FILE and --type URI go together");
  if (!URL.canParse(type)) throw usage(`--type ${type}: a predicate type is a URI`);
  return { kind: "predicate", file, type };
}

function summaryIn(report: string | undefined, verifier: string | undefined, policy: string | null): SigningSubject {
  if (report === undefined || verifier === undefined) throw usage("--vsa REPORT and --verifier URI go together");
  if (!URL.canParse(verifier)) throw usage(`--verifier ${verifier}: a verifier is named by a URI`);
  return { kind: "summary", report, verifier, policy };
}

function refuse(values: Values, names: readonly string[], why: string): void {
  const found = names.find((name) => Object.hasOwn(values, name));
  if (found !== undefined) throw usage(`--${found} ${why}`);
}

/** The first is the default. */
function oneOf<const T extends string>(
  option: string,
  text: string | undefined,
  [first, ...rest]: readonly [T, ...T[]],
): T {
  if (text === undefined) return first;
  const known = [first, ...rest].find((one) => one === text);
  if (known === undefined) throw usage(`--${option} ${text}: one of ${[first, ...rest].join(", ")}`);
  return known;
}

function usage(message: string): SafeInstallError {
  return misused(message, "sign");
}
