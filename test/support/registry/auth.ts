import type { IncomingMessage } from "node:http";

export type Auth =
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "basic"; readonly username: string; readonly password: string };

export function isAuthorized(request: IncomingMessage, auth: Auth | undefined): boolean {
  return auth === undefined || request.headers.authorization === authorization(auth);
}

function authorization(auth: Auth): string {
  if (auth.kind === "bearer") return `Bearer ${auth.token}`;
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}`;
}

/** The lines of an npmrc that carry these credentials to that registry. */
export function npmrcAuth(registryUrl: string, auth: Auth): string {
  const place = registryUrl.replace(/^https?:/, "");
  if (auth.kind === "bearer") return `${place}:_authToken=${auth.token}\n`;
  return `${place}:username=${auth.username}\n${place}:_password=${Buffer.from(auth.password).toString("base64")}\n`;
}
