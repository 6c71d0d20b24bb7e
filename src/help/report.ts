/** Help for the command that draws what others have written down. */
export const REPORT = `safe-install report: what decision logs of many runs say

Usage
  safe-install report DECISIONS.jsonl...
  safe-install report DECISIONS.jsonl... --html [--output FILE]

A log is what --log FILE adds to. The last run over each lock is shown, compared
with the one before it, and how the share of verified publishers came about.
Nothing is judged, and nothing is asked of anybody.

  --html         a page, on standard output
  --output FILE  into a file instead
`;
