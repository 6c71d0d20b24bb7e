/** npm's own libraries that ship no types: the few members that are used. */

declare module "@npmcli/config" {
  interface Definition {
    readonly default: unknown;
    readonly type: unknown;
  }

  interface Options {
    readonly definitions: Readonly<Record<string, Definition>>;
    readonly shorthands: Readonly<Record<string, readonly string[]>>;
    readonly flatten: (data: Record<string, unknown>, flat: Record<string, unknown>) => void;
    readonly nerfDarts: readonly string[];
    readonly npmPath: string;
    /** Changed by `load`: lifecycle scripts' `npm_config_*` are added. */
    readonly env: Record<string, string | undefined>;
    readonly argv: readonly string[];
    readonly platform: NodeJS.Platform;
    readonly execPath: string;
    readonly cwd: string;
  }

  type Where = "default" | "builtin" | "global" | "user" | "project" | "env" | "cli";

  class Config {
    constructor(options: Options);
    defaults: Record<string, unknown>;
    readonly types: Readonly<Record<string, unknown>>;
    readonly localPrefix: string;
    readonly globalPrefix: string;
    readonly parsedArgv: { readonly remain: readonly string[]; readonly cooked: readonly string[] };
    readonly flat: Record<string, unknown>;
    /** `raw`: as written; `data`: parsed, inheriting from the layers below. */
    readonly data: ReadonlyMap<
      Where,
      { readonly raw: Readonly<Record<string, unknown>>; readonly data: Readonly<Record<string, unknown>> }
    >;
    load(): Promise<void>;
    /** Called by `load` before the layers below are read and before `npm_config_*` are made. */
    loadProjectConfig(): Promise<void>;
    /** Takes out what is none of a key's values. @throws where credentials name no registry */
    validate(): boolean;
    get(key: string, where?: Where): unknown;
    find(key: string): Where | null;
    getUnknownConfigs(where: Where): readonly { readonly key: string }[];
  }

  export default Config;
}

declare module "@npmcli/config/lib/definitions/index.js" {
  const definitions: {
    readonly definitions: Readonly<Record<string, { readonly default: unknown; readonly type: unknown }>>;
    readonly shorthands: Readonly<Record<string, readonly string[]>>;
    readonly flatten: (data: Record<string, unknown>, flat: Record<string, unknown>) => void;
    readonly nerfDarts: readonly string[];
  };
  export default definitions;
}

declare module "@npmcli/config/lib/type-defs.js" {
  const typeDefs: Readonly<Record<string, unknown>>;
  export default typeDefs;
}

declare module "nopt" {
  interface Parsed {
    readonly argv: { readonly remain: string[]; readonly cooked: string[]; readonly original: string[] };
    readonly [option: string]: unknown;
  }
  const nopt: {
    readonly lib: {
      nopt(
        args: string[],
        options: {
          readonly types: Readonly<Record<string, unknown>>;
          readonly shorthands: Readonly<Record<string, readonly string[]>>;
          readonly typeDefs: Readonly<Record<string, unknown>>;
          readonly unknownHandler?: (key: string) => void;
          readonly abbrevHandler?: (short: string, long: string) => void;
        },
      ): Parsed;
    };
  };
  export default nopt;
}

declare module "npm-install-checks" {
  export function checkEngine(target: object, npmVersion: string, nodeVersion: string, force: boolean): void;
  export function checkPlatform(
    target: object,
    force: boolean,
    environment: { readonly cpu?: unknown; readonly os?: unknown; readonly libc?: unknown },
  ): void;
}

declare module "@npmcli/arborist/lib/gather-dep-set.js" {
  /** These nodes and everything that is there only because of them. */
  export default function gatherDepSet<Node>(
    set: ReadonlySet<Node>,
    filter: (edge: { readonly from: Node; readonly to: Node | null }) => boolean,
  ): ReadonlySet<Node>;
}

declare module "@npmcli/arborist/lib/reset-dep-flags.js" {
  /** Forgets what a lock claims: every node is dev, optional, peer and extraneous until an edge says otherwise. */
  export default function resetDepFlags(tree: object): void;
}

declare module "@npmcli/arborist/lib/calc-dep-flags.js" {
  export default function calcDepFlags(tree: object): void;
}

declare module "@npmcli/map-workspaces" {
  /** @returns workspace name -> absolute folder */
  export default function mapWorkspaces(options: {
    readonly cwd: string;
    readonly pkg: Readonly<Record<string, unknown>>;
  }): Promise<Map<string, string>>;
}

declare module "npm-registry-fetch/lib/auth.js" {
  /** What npm's configuration holds for an address: the longest key that names it, or its registry. */
  export default function getAuth(
    url: string,
    options: Readonly<Record<string, unknown>>,
  ): {
    readonly token: string | null;
    readonly auth: string | null;
    readonly cert: string | null;
    readonly key: string | null;
  };
}
