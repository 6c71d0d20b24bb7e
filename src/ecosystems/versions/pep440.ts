/**
 * Versions after PEP 440, with their order (the rules of `packaging.version`). Written here so that its numbers are of any
 * size, as they are in Python: a rule for one version never holds for another one.
 */
export interface PythonVersion {
  readonly epoch: bigint;
  readonly release: readonly bigint[];
  readonly pre: readonly [letter: string, number: bigint] | null;
  readonly post: bigint | null;
  readonly dev: bigint | null;
  readonly local: readonly string[];
}

const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

const LETTERS: Readonly<Record<string, string>> = {
  alpha: "a",
  beta: "b",
  c: "rc",
  pre: "rc",
  preview: "rc",
};

/** null where it is not a version, or absurdly long. */
export function parseVersion(text: string): PythonVersion | null {
  const found = text.length > 200 ? null : VERSION.exec(text.trim().toLowerCase());
  if (found === null) return null;
  const [, epoch, release = "", letter, pre, implicit, post, postNumber, dev, devNumber, local] = found;
  return {
    epoch: BigInt(epoch ?? 0),
    release: release.split(".").map(BigInt),
    pre: letter === undefined ? null : [LETTERS[letter] ?? letter, number(pre)],
    post: implicit !== undefined ? BigInt(implicit) : post === undefined ? null : number(postNumber),
    dev: dev === undefined ? null : number(devNumber),
    local: local?.split(/[-_.]/) ?? [],
  };
}

/** The one spelling of a version (PEP 440, "Normalization"), without the zeros at the end that its order passes over. */
export function normalPythonVersion(text: string): string {
  const version = parseVersion(text);
  if (version === null) return text;
  const { epoch, release, pre, post, dev, local } = version;
  const last = release.findLastIndex((part) => part !== 0n);
  const segments = local.map((segment) => (/^\d+$/.test(segment) ? String(BigInt(segment)) : segment));
  return [
    epoch === 0n ? "" : `${epoch}!`,
    release.slice(0, Math.max(last, 0) + 1).join("."),
    pre === null ? "" : pre.join(""),
    post === null ? "" : `.post${post}`,
    dev === null ? "" : `.dev${dev}`,
    segments.length === 0 ? "" : `+${segments.join(".")}`,
  ].join("");
}

export function isPrerelease({ pre, dev }: PythonVersion): boolean {
  return pre !== null || dev !== null;
}

export function withoutLocal(version: PythonVersion): PythonVersion {
  return { ...version, local: [] };
}

/** Only epoch and release, cut or filled to `length` numbers. */
export function releaseOf({ epoch, release }: PythonVersion, length: number): PythonVersion {
  const filled = Array.from({ length }, (_, at) => release[at] ?? 0n);
  return { epoch, release: filled, pre: null, post: null, dev: null, local: [] };
}

export function compareVersions(left: PythonVersion, right: PythonVersion): number {
  const length = Math.max(left.release.length, right.release.length);
  return (
    order(left.epoch, right.epoch) ||
    sequence(length, (at) => order(left.release[at] ?? 0n, right.release[at] ?? 0n)) ||
    comparePre(left, right) ||
    order(left.post ?? -1n, right.post ?? -1n) ||
    compareDev(left.dev, right.dev) ||
    compareLocal(left.local, right.local)
  );
}

/** A development release of nothing else sorts before every pre-release; a final release after all of them. */
function comparePre(left: PythonVersion, right: PythonVersion): number {
  const rank = ({ pre, post, dev }: PythonVersion) => (pre !== null ? 0 : post === null && dev !== null ? -1 : 1);
  const difference = rank(left) - rank(right);
  if (difference !== 0 || left.pre === null || right.pre === null) return difference;
  return order(left.pre[0], right.pre[0]) || order(left.pre[1], right.pre[1]);
}

function compareDev(left: bigint | null, right: bigint | null): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return order(left, right);
}

/** Numbers after words; more segments after fewer. */
function compareLocal(left: readonly string[], right: readonly string[]): number {
  return (
    sequence(Math.min(left.length, right.length), (at) => compareSegment(left[at] ?? "", right[at] ?? "")) ||
    left.length - right.length
  );
}

function compareSegment(left: string, right: string): number {
  const [leftNumeric, rightNumeric] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (leftNumeric && rightNumeric) return order(BigInt(left), BigInt(right));
  if (leftNumeric !== rightNumeric) return leftNumeric ? 1 : -1;
  return order(left, right);
}

function sequence(length: number, compare: (at: number) => number): number {
  for (let at = 0; at < length; at++) {
    const difference = compare(at);
    if (difference !== 0) return difference;
  }
  return 0;
}

function order<T extends bigint | string>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function number(text: string | undefined): bigint {
  return BigInt(text === undefined || text === "" ? 0 : text);
}
