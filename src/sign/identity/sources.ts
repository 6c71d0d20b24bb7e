import { SafeInstallError, SourceUnavailable } from "../../errors.ts";
import type { Ask, Host } from "../../host.ts";
import { parseJsonOr } from "../../json.ts";
import { LIMITS } from "../../limits.ts";
import { isAllowedUrl } from "../../url.ts";
import { readToken, type Token, unavailable } from "./token.ts";

/** Where a pipeline's identity token comes from; asked once, at the last moment. */
export interface TokenSource {
  /** For messages. */
  readonly name: string;
  readonly ask: () => Promise<Token>;
}

export interface IdentityAsked {
  /** A file that holds a token; null: as the environment has it. */
  readonly tokenFile: string | null;
  /** For whom the token is to be. */
  readonly audience: string;
  /** Azure: whose token; null: the pipeline's own. */
  readonly serviceConnection: string | null;
}

type SourceHost = Pick<Host, "env" | "read" | "request">;

/** The first that is there: a file, a token in the environment, GitHub's, Azure Pipelines'. @throws SafeInstallError NO_IDENTITY */
export function tokenSource(asked: IdentityAsked, host: SourceHost): TokenSource {
  const { env } = host;
  if (asked.tokenFile !== null) return ofFile(asked.tokenFile, host);
  const { SIGSTORE_ID_TOKEN: token } = env;
  if (token !== undefined && token !== "") {
    const name = "SIGSTORE_ID_TOKEN";
    return { name, ask: async () => readToken(token, name) };
  }
  if (env["ACTIONS_ID_TOKEN_REQUEST_URL"] !== undefined) return ofGithub(asked.audience, host);
  if (env["SYSTEM_OIDCREQUESTURI"] !== undefined) return ofAzure(asked.serviceConnection, host);
  throw noIdentity(env);
}

function ofFile(file: string, { read }: SourceHost): TokenSource {
  const name = `the file ${file}`;
  return {
    name,
    ask: async () => {
      const content = await read(file, { maxBytes: LIMITS.tokenBytes });
      if (content === null) throw new SafeInstallError("usage", "FILE_MISSING", `there is no file ${file}`);
      return readToken(content.toString("utf8"), name);
    },
  };
}

/** "Requesting the JWT using environment variables" (GitHub documentation, OpenID Connect reference). */
function ofGithub(audience: string, host: SourceHost): TokenSource {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address = "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer = "" } = host.env;
  const name = "GitHub Actions";
  return {
    name,
    ask: async () => {
      const url = addressOf(address, name);
      url.searchParams.set("audience", audience);
      return readToken(await memberOf(url, "value", { bearer, name }, host), name);
    },
  };
}

/** `POST` on the address that the agent gives (Azure DevOps REST, `distributedtask/oidctoken`); a GET is refused there. */
function ofAzure(serviceConnection: string | null, host: SourceHost): TokenSource {
  const { SYSTEM_OIDCREQUESTURI: address = "", SYSTEM_ACCESSTOKEN: bearer } = host.env;
  const connection = serviceConnection ?? host.env["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] ?? null;
  const name = connection === null ? "Azure Pipelines" : "Azure Pipelines, by a service connection";
  return {
    name,
    ask: async () => {
      if (bearer === undefined || bearer === "")
        throw new SafeInstallError(
          "usage",
          "NO_IDENTITY",
          "the step has no SYSTEM_ACCESSTOKEN, and may not ask for a token",
          {
            hint: "give it to this step: env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }",
          },
        );
      const url = addressOf(address, name);
      url.searchParams.set("api-version", "7.1");
      if (connection !== null) url.searchParams.set("serviceConnectionId", connection);
      return readToken(await memberOf(url, "oidcToken", { bearer, name, post: "" }, host), name);
    },
  };
}

function addressOf(text: string, name: string): URL {
  if (!isAllowedUrl(text)) throw unavailable(`${name}: the address for tokens in the environment is no https address`);
  return new URL(text);
}

interface Bearer {
  readonly bearer: string;
  readonly name: string;
  readonly post?: string;
}

/** The bearer's word goes to this address, and along no redirect. */
async function memberOf(url: URL, member: string, { bearer, name, post }: Bearer, host: SourceHost): Promise<string> {
  const ask: Ask = {
    maxBytes: LIMITS.tokenBytes,
    to: () => ({
      headers: {
        accept: "application/json",
        authorization: `Bearer ${bearer}`,
        ...(post === undefined ? {} : JSON_TYPE),
      },
      over: {},
    }),
    mayLead: () => false,
    retry: {
      statuses: (status) => status >= 500 || status === 429,
      retries: 2,
      factor: 2,
      minTimeout: 100,
      maxTimeout: 2000,
    },
    ...(post === undefined ? {} : { post }),
  };
  const answer = await host.request(url.href, ask).catch((error: unknown) => {
    throw error instanceof SourceUnavailable ? unavailable(`${name}: no token: ${error.reason}`) : error;
  });
  if (answer.status !== 200)
    throw unavailable(`${name} gave no token: it answered ${answer.status}`, HINTS[answer.status]);
  const found = memberIn(answer.body.toString("utf8"), member);
  if (found === null) throw unavailable(`${name} gave no token: its answer is not understood`);
  return found;
}

const JSON_TYPE = { "content-type": "application/json" };
const HINTS: Readonly<Record<number, string>> = {
  401: "the token with which the step asks is not valid, or ended with an earlier step",
  403: "the job may not ask: permissions: { id-token: write } in GitHub Actions",
};

function memberIn(text: string, member: string): string | null {
  const found = (parseJsonOr(text, () => null) as Readonly<Record<string, unknown>> | null)?.[member];
  return typeof found === "string" ? found : null;
}

function noIdentity(env: SourceHost["env"]): SafeInstallError {
  const hint =
    env["GITHUB_ACTIONS"] === "true"
      ? "the job needs permissions: { id-token: write }"
      : env["GITLAB_CI"] === "true"
        ? "the job needs id_tokens: { SIGSTORE_ID_TOKEN: { aud: sigstore } }"
        : "sign with a key (--key, --key-command), or name a file that holds a token: --identity-token FILE";
  return new SafeInstallError("usage", "NO_IDENTITY", "there is no identity to sign with here", { hint });
}
