/** A mutant that no test can notice, because the program is the same with it. */
export interface Equivalent {
  readonly file: string;
  /** The line that it begins in, without its indentation. */
  readonly line: string;
  /** What is changed, and what it becomes, as the tool prints it. */
  readonly of: string;
  readonly to: string;
  readonly why: string;
}

export const EQUIVALENT: readonly Equivalent[] = [
  ...same(
    "a list of one text more, which nothing that is looked up in it can be, or that has none of the members that are read",
    "src/policy/compared.ts",
    [
      [
        'const revoked = layers.flatMap(({ policy }) => algorithmsOf((policy.revoked ?? []).map(({ digest = "" }) => digest)));',
        "[]",
        '["Stryker was here"]',
      ],
      [
        "return [...excepted.map(({ digests }) => digests), recorded?.digests.get(key) ?? []];",
        "[]",
        '["Stryker was here"]',
      ],
    ],
  ),
  ...same(
    "a list of one text more, which nothing that is looked up in it can be, or that has none of the members that are read",
    "src/policy/predicate.ts",
    [
      [
        "predicateType === null || predicateType === PYPI_PUBLISH || (rule.predicateTypes ?? []).includes(predicateType)",
        "[]",
        '["Stryker was here"]',
      ],
    ],
  ),
  ...same(
    "a list of one text more, which nothing that is looked up in it can be, or that has none of the members that are read",
    "src/policy/recorded.ts",
    [
      [
        "const known = recorded.digests.get(packageKey(ref.ecosystem, ref.name, ref.version)) ?? [];",
        "[]",
        '["Stryker was here"]',
      ],
    ],
  ),
  ...same(
    "a list of one text more, which nothing that is looked up in it can be, or that has none of the members that are read",
    "src/policy/revoked.ts",
    [
      ["(layer.policy.revoked ?? []).flatMap((entry, at) => {", "[]", '["Stryker was here"]'],
      ["const { artifact, digests, otherDigests = [], verdicts } = facts;", "[]", '["Stryker was here"]'],
    ],
  ),
  ...same(
    "a list of one text more, which nothing that is looked up in it can be, or that has none of the members that are read",
    "src/policy/wanted.ts",
    [
      ["function signersOf(layer: Layer, { signedBy = [] }: Rule): readonly Signer[] {", "[]", '["Stryker was here"]'],
      ["return signedBy.flatMap((name) => signerOf(layer, name) ?? []);", "[]", '["Stryker was here"]'],
      [
        'const [, named] = /^https:\\/\\/github\\.com\\/([^/]+\\/[^/]+)$/.exec(certificate?.sourceRepositoryURI ?? "") ?? [];',
        "[]",
        '["Stryker was here"]',
      ],
      [
        'return match.kind !== "rule" || hasExpired(match.rule.expires, now) ? [] : [match.rule];',
        "[]",
        '["Stryker was here"]',
      ],
    ],
  ),
  ...same(
    "a list of one text more, which nothing that is looked up in it can be, or that has none of the members that are read",
    "src/policy/expiry.ts",
    [["const { rules = [], exceptions = [], recorded } = policy;", "[]", '["Stryker was here"]']],
  ),
  ...same(
    "a list of one text more, which nothing that is looked up in it can be, or that has none of the members that are read",
    "src/policy/exceptions.ts",
    [
      [
        "const mine = (layer.policy.exceptions ?? []).filter((exception) => isFor(exception, facts));",
        "[]",
        '["Stryker was here"]',
      ],
    ],
  ),
  ...same(
    "asked for the compiler: with the first of several denials gone, a ground is there, and without a rule there is no mode of it",
    "src/policy/decide.ts",
    [
      [
        'if (first === undefined && ground !== null) return [{ ...about, outcome: "allowed", ground }];',
        "ground !== null",
        "true",
      ],
      [
        "const denials = first === undefined ? ruling.denials : ([first, ...others] as const);",
        "first === undefined",
        "false",
      ],
      [
        'const audited = modeOf(layer, match.kind === "rule" ? match.rule : null) === "audit" && denials.every(isSoft);',
        'match.kind === "rule"',
        "true",
      ],
    ],
  ),
  ...same("for the compiler: no value is left that gets here", "src/policy/decide.ts", [
    ["default:", "default: return match satisfies never;", "default:"],
  ]),
  ...same(
    "what is no pattern has no ecosystem, and covers and indexes nothing that is asked for",
    "src/policy/decide.ts",
    [['return typeof pattern !== "string" && covers(pattern, ref);', 'typeof pattern !== "string"', "true"]],
  ),
  ...same(
    "what is no pattern has no ecosystem, and covers and indexes nothing that is asked for",
    "src/policy/match.ts",
    [['if (typeof pattern === "string") continue;', 'typeof pattern === "string"', "false"]],
  ),
  ...same("none of the known types is null, and a certificate has no usage", "src/policy/predicate.ts", [
    [
      "if (predicateType !== null && SLSA_TYPES.includes(predicateType)) return true;",
      "predicateType !== null",
      "true",
    ],
    [
      'return signer.kind === "key" && [REGISTRY_SIGNATURES, REPOSITORY_SIGNATURES].includes(signer.usage);',
      'signer.kind === "key"',
      "true",
    ],
  ]),
  ...same(
    "a digest that is not there equals none; a signer that is not there is met by nobody",
    "src/policy/revoked.ts",
    [
      [
        "return digest !== undefined && digests.some((one) => formatDigest(one) === digest);",
        "digest !== undefined",
        "true",
      ],
      [
        "if (entry.signer === undefined || !isWithin(entry, attestation.signedAt)) return false;",
        "entry.signer === undefined",
        "false",
      ],
    ],
  ),
  ...same("a time that is not there is read as one that no calendar has, which is null, too", "src/policy/revoked.ts", [
    ["const from = signedFrom === undefined ? null : instantOf(signedFrom);", "signedFrom === undefined", "false"],
    ["const until = signedUntil === undefined ? null : instantOf(signedUntil);", "signedUntil === undefined", "false"],
  ]),
  ...same("every time is after null, which is read as 1970", "src/policy/revoked.ts", [
    ["return (from === null || signedAt >= from) && (until === null || signedAt < until);", "from === null", "false"],
  ]),
  ...same("a day that is not there is read as one that no calendar has, which is null, too", "src/policy/expiry.ts", [
    ["const ends = expires === undefined ? null : dayOf(expires);", "expires === undefined", "false"],
  ]),
  ...same("every attestation that is counted has a hand", "src/policy/signers/count.ts", [
    ["const hand = seats.hands.get(one.attestation) ?? -1;", "-1", "+1"],
  ]),
  ...same("nothing more can be reached from no place: only time is saved", "src/policy/signers/pattern.ts", [
    ["if (reached.size === 0) return false;", "reached.size === 0", "false"],
  ]),
  ...same("a first source is asked at once, so that its answer is there where there is one", "src/gate/judge.ts", [
    [
      "let decision = await weigh(about, (source) => (source === sources[0] && first !== null ? first : ask(source, false)));",
      "first !== null",
      "true",
    ],
  ]),
  ...same("only what is broken has a code", "src/gate/judge.ts", [
    [
      'if (verdict.status !== "broken" || !OTHER_BYTES.includes(verdict.code)) return verdict;',
      'verdict.status !== "broken"',
      "false",
    ],
  ]),
  ...same("the working tree is read in the end: only the loading of a module is saved", "src/gate/ground.ts", [
    [
      "if (policyFrom === null && snapshot === undefined) return loadPolicy(project, policy, cwd);",
      "policyFrom === null && snapshot === undefined",
      "false",
    ],
  ]),
  ...same("asked for the compiler: without a snapshot and a revision it has ended before", "src/gate/ground.ts", [
    [
      "if (snapshot === undefined || policy !== null) return loadPolicy(real, policy, cwd);",
      "snapshot === undefined",
      "false",
    ],
  ]),
  ...same("asked for the compiler: without the function this is not reached", "src/gate/judge.ts", [
    [
      ": { names, isName: (stated) => artifact.isSubjectName?.(stated) ?? false };",
      "artifact.isSubjectName?.(stated)",
      "artifact.isSubjectName(stated)",
    ],
  ]),
  ...same(
    "both sides are read in one order; sorted, nobody has to rely on it",
    "src/gate/changed.ts",
    [
      ["-1", "+1"],
      ["left < right", "true"],
      ["left < right", "false"],
      ["left < right", "left <= right"],
    ].map(([of = "", to = ""]) => [
      "return JSON.stringify([...files].toSorted(([left], [right]) => (left < right ? -1 : 1)));",
      of,
      to,
    ]),
  ),
  ...same(
    "where Node cannot tell whether it holds, there is no answer, which is no yes",
    "src/verify/certificate/library-certificate.ts",
    [
      [
        "verify(how.hash, tbs, how.by(key), signature, (error, holds) => resolve(error === null && holds));",
        "error === null",
        "true",
      ],
    ],
  ),
  ...same("every public key has details", "src/verify/content.ts", [
    [
      "const curve = key.asymmetricKeyDetails?.namedCurve;",
      "key.asymmetricKeyDetails?.namedCurve",
      "key.asymmetricKeyDetails.namedCurve",
    ],
    [
      "const name = key.asymmetricKeyDetails?.namedCurve;",
      "key.asymmetricKeyDetails?.namedCurve",
      "key.asymmetricKeyDetails.namedCurve",
    ],
  ]),
  ...same("the word for all is spelled as a name's normal form is", "plugins/pip/lock/unlocked.ts", [
    [
      'const names = new Set(asked.map((name) => (name === ALL ? ALL : normalName("pypi", name ?? ""))));',
      "name === ALL",
      "false",
    ],
  ]),
  ...same(
    "npm's configuration is read, and says that the project has nothing to say: only time is saved",
    "plugins/npm/passing.ts",
    [["if (words.some((word) => /^-+(?:C|p|no-p)/.test(word))) return true;", "/^-+(?:C|p|no-p)/", "/-+(?:C|p|no-p)/"]],
  ),
  ...same("what is asked for at that very place has its kind", "plugins/npm/resolve/archive.ts", [
    [
      'if (type === "remote" && [...node.edgesIn].some(isAskedThere)) return sortOutside(node, "REMOTE_DEPENDENCY", scope);',
      'type === "remote"',
      "true",
    ],
  ]),
  ...same("for the compiler: no value is left that gets here", "plugins/npm/stages.ts", [
    ["default:", "default: return task satisfies never;", "default:"],
  ]),
  ...same("no element is called so", "plugins/dotnet/feed/config-shape.ts", [
    [
      "function strangeItem(section: XmlElement, { name, items, within = [] }: Section): string | null {",
      "[]",
      '["Stryker was here"]',
    ],
  ]),
  ...same(
    "a file is read whole at the first time: less is read only of what ends there",
    "plugins/dotnet/bytes/archive.ts",
    [
      [
        "const read = readSync(file, bytes, done, bytes.length - done, start + done);",
        "bytes.length - done",
        "bytes.length + done",
      ],
    ],
  ),
  ...same("a signature holds under one key, not under two", "src/verify/verifier.ts", [
    [
      "return [first, ...rest.filter(({ key }) => key?.held.fingerprint === first.key?.held.fingerprint)];",
      "key?.held.fingerprint === first.key?.held.fingerprint",
      "true",
    ],
  ]),
  ...same("a digest of 32 bytes ends with one sign that fills it up", "src/verify/trust/held-key.ts", [
    ['`SHA256:${digest.toString("base64").replace(/=+$/, "")}`,', "/=+$/", "/=$/"],
  ]),
  ...same("what is cut off ends beyond the limit, or has a length of no bytes", "src/verify/certificate/der.ts", [
    [
      "if (at + 2 > limit || tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return notDer();",
      "at + 2 > limit || tag === undefined || first === undefined",
      "false",
    ],
  ]),
  ...same("no commit has an empty id", "src/project/git.ts", [
    [
      '(await git(["rev-parse", `--disambiguate=${prefix}`])).stdout.toString("latin1").split("\\n").filter(Boolean),',
      '(await git(["rev-parse", `--disambiguate=${prefix}`])).stdout.toString("latin1").split("\\n").filter(Boolean)',
      '(await git(["rev-parse", `--disambiguate=${prefix}`])).stdout.toString("latin1").split("\\n")',
    ],
  ]),
  ...same("an authority without a certificate is none that is read", "src/verify/vouching.ts", [
    [
      "const above = authorities.filter(({ read: [first] }) => first?.subject.equals(leaf.issuer) === true);",
      "first?.subject",
      "first.subject",
    ],
  ]),
  ...same("nothing is neither a place nor a member, whether it is called null or undefined", "src/project/ends.ts", [
    [
      "const [there, here] = await Promise.all([realpath(resolve(folder, back)).catch(() => null), realpath(place)]);",
      "() => null",
      "() => undefined",
    ],
    ["return (await stat(path).catch(() => null))?.isDirectory() === true;", "() => null", "() => undefined"],
    [
      "const bytes = await readBounded(path, { maxBytes: LIMITS.gitFileBytes }).catch(() => null);",
      "() => null",
      "() => undefined",
    ],
  ]),
  ...same("nothing is neither a place nor a member, whether it is called null or undefined", "src/project/tracked.ts", [
    [
      "const isLink = (await lstat(place).catch(() => null))?.isSymbolicLink() === true;",
      "() => null",
      "() => undefined",
    ],
  ]),
  ...same("a text has no second member that is a link", "src/project/left-behind.ts", [
    [
      'const ways = [...(index?.leftOut ?? [])].filter(([, what]) => what === "a symbolic link");',
      "[]",
      '["Stryker was here"]',
    ],
  ]),
  ...same("git begins what it says with a word, and one line of it is shown", "src/project/git.ts", [
    ['const [line = "failed"] = stderr.trim().split("\\n");', "stderr.trim()", "stderr"],
  ]),
  ...same("what git prints ends with a NUL, or with a newline that nobody reads", "src/project/git.ts", [
    ["stripFinalNewline: false,", "false", "true"],
  ]),
  ...same("what gives no answer says no", "src/project/policy-roots.ts", [["} catch {", "{ return false; }", "{}"]]),
  ...same("a date drops what is finer than a millisecond", "src/verify/cms/timestamp-token.ts", [
    [
      "const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`);",
      "fraction.slice(0, 4)",
      "fraction",
    ],
  ]),
  ...same(
    "a path that leads out holds a strange name, and what is not there cannot be written: both are said in the same words",
    "src/project/snapshot.ts",
    [
      [
        "if (content === undefined || !isInside(file, folder) || path.split(/[\\\\/]/).some(isStrange)) throw strange(path);",
        "content === undefined || !isInside(file, folder)",
        "content === undefined && !isInside(file, folder)",
      ],
    ],
  ),
  ...same("what is no lock is passed over by everything that looks at a name", "src/project/detect.ts", [
    [
      "const below = TABLES.flatMap(({ locks }) => locks.flatMap(({ below: one }) => one ?? [])).filter((one) =>",
      "TABLES.flatMap(({ locks }) => locks.flatMap(({ below: one }) => one ?? [])).filter((one) => names.includes(one), )",
      "TABLES.flatMap(({ locks }) => locks.flatMap(({ below: one }) => one ?? []))",
    ],
    [
      "const below = TABLES.flatMap(({ locks }) => locks.flatMap(({ below: one }) => one ?? [])).filter((one) =>",
      "[]",
      '["Stryker was here"]',
    ],
    ["if (isMissing(error)) return [];", "[]", '["Stryker was here"]'],
    [
      "return [...names, ...deeper.flat().filter((path) => TABLES.some((table) => readsLock(table, path)))];",
      "deeper.flat().filter((path) => TABLES.some((table) => readsLock(table, path)))",
      "deeper.flat()",
    ],
  ]),
  ...same(
    "the root of the file system is looked at once more, and is in no repository's grounds",
    "src/project/tracked.ts",
    [["rest = [...to.slice(place.length).split(sep), ...after];", "to.slice(place.length)", "to"]],
  ),
  ...same("asked for the compiler: where nothing is meant there is no commit", "src/project/ref.ts", [
    [
      ": { commit, ref: one === undefined || (own.includes(one) && !isSpecial(name)) ? null : one, way };",
      "one === undefined",
      "false",
    ],
  ]),
  ...same("no path and no folder of one is empty", "src/project/snapshot.ts", [
    ['const above = here.split("/").filter(Boolean);', 'here.split("/").filter(Boolean)', 'here.split("/")'],
  ]),
  ...same("what JSON has beside texts, lists and objects has no members", "src/project/snapshot.ts", [
    [
      'return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];',
      'typeof value === "object"',
      "true",
    ],
  ]),
  ...same("asked for the compiler: without a first element there is no second one", "src/verify/cms/signed-data.ts", [
    [
      "if (type === undefined || wrapper?.tag !== 0xa0 || more.length > 0 || oidOf(der, type) !== SIGNED_DATA)",
      "type === undefined",
      "false",
    ],
    ["if (type === undefined || wrapper?.tag !== 0xa0) return notCms();", "type === undefined", "false"],
    [
      "if (type === undefined || values?.tag !== SET || more.length > 0) return notCms();",
      "type === undefined",
      "false",
    ],
  ]),
  ...same("asked for the compiler: only what a log says belongs to an entry", "src/verify/vouching.ts", [
    ['const own = times.filter((one) => one.kind === "log" && one.entry === entry);', 'one.kind === "log"', "true"],
  ]),
  ...same(
    "asked for the compiler: where there are no constraints, there is no length in them",
    "src/verify/certificate/library-certificate.ts",
    [["basic === undefined || length === undefined", "basic === undefined", "false"]],
  ),
  ...same("what is cut off ends beyond the limit, or has a length of no bytes", "src/verify/certificate/der.ts", [
    [
      "if (at + 2 > limit || tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return notDer();",
      "at + 2 > limit || tag === undefined",
      "at + 2 > limit && tag === undefined",
    ],
  ]),
  ...same("of a curve that is not in the table, or of none, the table has nothing", "src/verify/content.ts", [
    [
      "return name !== undefined && Object.hasOwn(NAMES, name) ? NAMES[name as keyof typeof NAMES] : undefined;",
      "name !== undefined && Object.hasOwn(NAMES, name)",
      "name !== undefined || Object.hasOwn(NAMES, name)",
    ],
  ]),
];

function same(
  why: string,
  file: string,
  changes: readonly (readonly [line: string, of: string, to: string])[],
): readonly Equivalent[] {
  return changes.map(([line, of, to]) => ({ file, line, of, to, why }));
}
