import type { EcosystemTraits } from "../../../src/ecosystems/traits.ts";

/** Names of lower-case letters; a version is a number, and a range is one number or `>=N`. */
export const toy: EcosystemTraits = {
  name: /^[a-z]+$/,
  isScoped: false,
  normalName: (name) => name,
  normalVersion: (version) => version,
  parseRange: (text) => {
    const [, least, number] = /^(>=)?([0-9]{1,6})$/.exec(text) ?? [];
    if (number === undefined) return `"${text}" is neither a number nor >=NUMBER`;
    return {
      includes: (version: string) => (least === undefined ? version === number : Number(version) >= Number(number)),
    };
  },
  exactly: (version) => version,
  hasManyArchives: false,
  scriptsRun: "when installed",
};
