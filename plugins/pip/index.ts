import type { Plugin } from "../../src/plugin.ts";
export declare const pip: Plugin;
