import type { Ecosystem } from "../model/package.ts";
import { npm } from "./npm.ts";
import { nuget } from "./nuget.ts";
import { pypi } from "./pypi.ts";
import type { EcosystemTraits } from "./traits.ts";

/** Closed: what is not in here can stand in no policy. */
export const TRAITS: Readonly<Record<Ecosystem, EcosystemTraits>> = { npm, pypi, nuget };
