/**
 * A repository of The Update Framework on loopback: roots that succeed one another, and every wrong that a mirror can do.
 * What it serves is signed anew at each change.
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const ROLES = ["root", "timestamp", "snapshot", "targets"] as const;
export type Role = (typeof ROLES)[number];

interface SigningKey {
  readonly id: string;
  readonly described: unknown;
  readonly privateKey: KeyObject;
}

export interface TufKnobs {
  /** Keys and threshold of each role; one of one by default. */
  readonly threshold?: number;
  /** By role; a year from now by default. */
  readonly expires?: Partial<Record<Role, Date>>;
}

export interface TufRepository {
  readonly mirror: string;
  /** The first root, as its operator hands it out. */
  readonly root: Buffer;
  /** Paths that were asked for, without the leading slash. */
  readonly asked: string[];
  /** By path: instead of what would be served. */
  readonly instead: Map<string, Buffer | ((response: ServerResponse) => void) | null>;
  /** What is served, by path. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Serves these targets from now on, under the next versions. */
  publish(targets: Readonly<Record<string, Buffer>>, knobs?: Pick<TufKnobs, "expires">): void;
  /** The next root, with new keys for a role; signed by the old and the new root keys. `by`: by the new ones alone. */
  rotate(role: Role, knobs?: { readonly by?: "new"; readonly version?: number }): void;
  close(): Promise<void>;
}

export async function startTuf(
  targets: Readonly<Record<string, Buffer>>,
  knobs: TufKnobs = {},
): Promise<TufRepository> {
  const state = newState(knobs);
  const asked: string[] = [];
  const instead: TufRepository["instead"] = new Map();
  const server = createServer(({ url = "" }, response) => {
    const path = decodeURIComponent(url.slice(1));
    asked.push(path);
    const found = instead.has(path) ? instead.get(path) : state.files.get(path);
    if (typeof found === "function") return found(response);
    response.statusCode = found === undefined || found === null ? 404 : 200;
    response.end(found ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  writeRoot(state);
  const root = state.files.get("1.root.json")!;
  const repository: TufRepository = {
    mirror: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    root,
    asked,
    instead,
    files: state.files,
    publish: (next, more = {}) => publish(state, next, more),
    rotate: (role, more) => rotate(state, role, more),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  repository.publish(targets);
  return repository;
}

interface State {
  readonly threshold: number;
  expires: Partial<Record<Role, Date>>;
  readonly keys: Record<Role, readonly SigningKey[]>;
  readonly versions: Record<Role, number>;
  readonly files: Map<string, Buffer>;
  targets: Readonly<Record<string, Buffer>>;
}

function newState({ threshold = 1, expires = {} }: TufKnobs): State {
  const keys = Object.fromEntries(ROLES.map((role) => [role, newKeys(threshold)])) as State["keys"];
  return {
    threshold,
    expires,
    keys,
    versions: { root: 1, timestamp: 0, snapshot: 0, targets: 0 },
    files: new Map(),
    targets: {},
  };
}

function newKeys(count: number): readonly SigningKey[] {
  return Array.from({ length: count }, () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const hex = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
    const described = { keytype: "ed25519", scheme: "ed25519", keyval: { public: hex } };
    return { id: sha256(Buffer.from(canonical(described))), described, privateKey };
  });
}

function publish(
  state: State,
  targets: Readonly<Record<string, Buffer>>,
  { expires }: Pick<TufKnobs, "expires">,
): void {
  state.targets = targets;
  if (expires !== undefined) state.expires = expires;
  const described = Object.fromEntries(
    Object.entries(targets).map(([name, bytes]) => [name, { length: bytes.length, hashes: { sha256: sha256(bytes) } }]),
  );
  for (const [name, bytes] of Object.entries(targets)) {
    const [file = "", ...folders] = name.split("/").toReversed();
    const path = [...folders.toReversed(), `${sha256(bytes)}.${file}`].join("/");
    state.files.set(`targets/${path}`, bytes);
  }
  const target = write(state, "targets", { targets: described });
  const snapshot = write(state, "snapshot", { meta: { "targets.json": meta(state.versions.targets, target) } });
  write(state, "timestamp", { meta: { "snapshot.json": meta(state.versions.snapshot, snapshot) } });
}

function meta(version: number, bytes: Buffer) {
  return { version, length: bytes.length, hashes: { sha256: sha256(bytes) } };
}

function write(state: State, role: Exclude<Role, "root">, content: object): Buffer {
  const version = ++state.versions[role];
  const bytes = signed(state, role, version, content, state.keys[role]);
  state.files.set(role === "timestamp" ? "timestamp.json" : `${version}.${role}.json`, bytes);
  return bytes;
}

function rotate(
  state: State,
  role: Role,
  { by, version = state.versions.root + 1 }: { readonly by?: "new"; readonly version?: number } = {},
): void {
  const old = state.keys.root;
  state.keys[role] = newKeys(state.threshold);
  state.versions.root = version;
  const fresh = state.keys.root;
  writeRoot(state, by === "new" ? fresh : [...new Set([...old, ...fresh])]);
  publish(state, state.targets, {});
}

function writeRoot(state: State, by = state.keys.root): void {
  const all = Object.values(state.keys).flat();
  const roles = Object.fromEntries(
    ROLES.map((role) => [role, { keyids: state.keys[role].map(({ id }) => id), threshold: state.threshold }]),
  );
  const content = {
    consistent_snapshot: true,
    keys: Object.fromEntries(all.map(({ id, described }) => [id, described])),
    roles,
  };
  const { root: version } = state.versions;
  state.files.set(`${version}.root.json`, signed(state, "root", version, content, by));
}

/** A file with its signatures; also for those that are to be wrong. */
function signed(state: State, role: Role, version: number, content: object, by: readonly SigningKey[]): Buffer {
  const expires = (state.expires[role] ?? new Date(Date.now() + 365 * 86_400_000))
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
  const body = { _type: role, spec_version: "1.0.31", version, expires, ...content };
  const bytes = Buffer.from(canonical(body));
  const signatures = by.map(({ id, privateKey }) => ({
    keyid: id,
    sig: sign(null, bytes, privateKey).toString("hex"),
  }));
  return Buffer.from(JSON.stringify({ signatures, signed: body }));
}

/** Of what stands here: no text has a control character (OLPC canonical JSON). */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : one,
  );
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
