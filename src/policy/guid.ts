/** Azure DevOps' application id in Entra. */
export const AZURE_DEVOPS_APP = "499b84ac-1321-427f-aa17-267ca6975798";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** base64url of a GUID's 16 bytes in the order that .NET stores them (the first three fields little-endian). */
export function base64UrlOfGuid(guid: string): string {
  const [first = "", second = "", third = "", ...rest] = guid.split("-");
  const bytes = [
    ...bytesOf(first).toReversed(),
    ...bytesOf(second).toReversed(),
    ...bytesOf(third).toReversed(),
    ...bytesOf(rest.join("")),
  ];
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,6}/g) ?? []).map((six) => ALPHABET[Number.parseInt(six.padEnd(6, "0"), 2)]).join("");
}

function bytesOf(hex: string): number[] {
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}
