/** npm's lockfiles, the one that wins first. npm 12 reads the second only. */
export const LOCKFILES = ["npm-shrinkwrap.json", "package-lock.json"] as const;
