import { readFile } from "node:fs/promises";
import { sep } from "node:path";

/** Where file systems are mounted, absolute, as this process sees them (proc(5), mountinfo); none where there is no /proc. */
export async function mountPoints(): Promise<readonly string[]> {
  const content = await readFile("/proc/self/mountinfo", "utf8").catch(() => "");
  return content.split("\n").flatMap((line) => {
    const point = line.split(" ")[4];
    return point === undefined ? [] : [unescaped(point)];
  });
}

/** Blanks, tabs, line ends and backslashes are written in octal. */
function unescaped(point: string): string {
  return point.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** Whether something is mounted there or below: it cannot be moved, nor removed. */
export function holdsMount(path: string, mounts: readonly string[]): boolean {
  return mounts.some((point) => point === path || point.startsWith(path + sep));
}
