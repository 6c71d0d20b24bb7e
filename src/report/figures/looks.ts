/** Events that code from outside of the repository can start or shape. */
export const OUTSIDE_EVENTS: readonly string[] = [
  "pull_request_target",
  "pull_request",
  "workflow_run",
  "repository_dispatch",
  "issue_comment",
  "issues",
  "fork",
];

/** What is known of a signer that may deserve a second look. */
export interface Looked {
  readonly triggers: readonly string[];
  readonly runner?: string | undefined;
  readonly subject?: string | undefined;
}

/** Why a person should look at a signer again: what started it, where it ran, and whether it is a person. */
export function looksAt({ triggers, runner, subject }: Looked): readonly string[] {
  return [
    ...triggers
      .filter((event) => OUTSIDE_EVENTS.includes(event))
      .map((event) => `built on ${event}: code from outside of the repository can start that`),
    ...(runner === "self-hosted" ? ["built on a self-hosted runner: somebody's own machine"] : []),
    ...(subject?.includes("@") === true && !subject.includes("/")
      ? [`signed by a person (${subject}), not by a pipeline`]
      : []),
  ];
}
