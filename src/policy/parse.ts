import type { Recorded } from "./recorded.ts";
import type { Policy } from "./schema.ts";

/** @throws PolicyFileError with every problem and its place */
export declare function parsePolicy(text: string, name: string): Policy;
/** @throws PolicyFileError */
export declare function parseRecorded(text: string, name: string): Recorded;
