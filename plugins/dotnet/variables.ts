import type { Host } from "../../src/plugin.ts";

/**
 * Puts variables of the environment in the place of `%NAME%`, as .NET does it (Environment.ExpandEnvironmentVariables): what
 * names none stays as it is, and the `%` behind it may begin the next.
 */
export function expand(value: string, env: Host["env"]): string {
  let expanded = "";
  for (let at = 0; ;) {
    const next = value.indexOf("%", at + 1);
    if (next < 0) return expanded + value.slice(at);
    const found = value[at] === "%" ? lookUp(value.slice(at + 1, next), env) : undefined;
    expanded += found ?? value.slice(at, next);
    at = found === undefined ? next : next + 1;
  }
}

/** Whether anything of the environment would take the place of a part of it. */
export function isExpanded(value: string, env: Host["env"]): boolean {
  return expand(value, env) !== value;
}

/** Windows does not tell the case of a name. */
function lookUp(name: string, env: Host["env"]): string | undefined {
  if (Object.hasOwn(env, name) || process.platform !== "win32") return env[name];
  const found = Object.keys(env).find((one) => one.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : env[found];
}
