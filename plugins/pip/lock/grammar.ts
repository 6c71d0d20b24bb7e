/** What a tool pastes into a line for pip is read by its grammar, to the end: nothing else can come along. */

/** A folder as a lock may name one of ours: relative, and neither an address nor an option. Where it leads is `folders.ts`'s to say. */
export function isFolderName(path: string): boolean {
  return /^[^\p{Cc}\p{Cs}\p{Z}\s\\#;:@%$?*"'<>|[\]]+$/u.test(path) && !/^[/~-]/.test(path);
}

/** A name, of an extra too (PEP 508, PEP 685). */
export function isName(name: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name);
}

/**
 * Whether a text is one environment marker (PEP 508 and PEP 751) and nothing more. Stricter in its strings: pip takes ` -` for an
 * option and ` #` for a comment there as well, and `${` for a variable of the environment.
 */
export function isMarker(text: string): boolean {
  const tokens = tokensOf(text);
  if (tokens === null) return false;
  const left = either(tokens, 0, 0);
  return left === tokens.length;
}

const TOKEN =
  / *(?:(?<word>[A-Za-z_][A-Za-z0-9_.]*)|(?<quoted>'[\w.+*!~<>=,:;/()& -]*'|"[\w.+*!~<>=,:;/()& -]*")|(?<sign>===|==|~=|!=|<=|>=|<|>)|(?<bracket>[()]))/y;

interface Token {
  readonly kind: "word" | "quoted" | "sign" | "bracket";
  readonly text: string;
}

function tokensOf(text: string): readonly Token[] | null {
  const tokens: Token[] = [];
  const scanner = new RegExp(TOKEN);
  const end = text.replace(/ +$/, "").length;
  while (scanner.lastIndex < end) {
    const groups = scanner.exec(text)?.groups;
    if (groups === undefined) return null;
    const [kind, found] = Object.entries(groups).find(([, value]) => value !== undefined) as [Token["kind"], string];
    if (kind === "quoted" && / -/.test(found)) return null;
    tokens.push({ kind, text: found });
  }
  return tokens;
}

const VARIABLES: ReadonlySet<string> = new Set(
  [
    "os_name sys_platform platform_machine platform_python_implementation platform_release platform_system",
    "platform_version python_version python_full_version implementation_name implementation_version",
    "extra extras dependency_groups",
    "os.name sys.platform platform.version platform.machine platform.python_implementation python_implementation",
  ].flatMap((line) => line.split(" ")),
);

/** Each of the following gives where what it has read ends, or -1. */
function either(tokens: readonly Token[], at: number, depth: number): number {
  let end = comparison(tokens, at, depth);
  while (end >= 0 && (isWord(tokens[end], "or") || isWord(tokens[end], "and")))
    end = comparison(tokens, end + 1, depth);
  return end;
}

/** Real ones have three or four pairs of brackets around each other. */
const DEEPEST = 50;

function comparison(tokens: readonly Token[], at: number, depth: number): number {
  if (isBracket(tokens[at], "(")) {
    const end = depth < DEEPEST ? either(tokens, at + 1, depth + 1) : -1;
    return end >= 0 && isBracket(tokens[end], ")") ? end + 1 : -1;
  }
  const sign = isWord(tokens[at + 1], "not") ? at + 2 : at + 1;
  const isSign = isWord(tokens[sign], "in") || (sign === at + 1 && tokens[sign]?.kind === "sign");
  return isSign && isValue(tokens[at]) && isValue(tokens[sign + 1]) ? sign + 2 : -1;
}

function isValue(token: Token | undefined): boolean {
  return token?.kind === "quoted" || (token?.kind === "word" && VARIABLES.has(token.text));
}

function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === "word" && token.text === text;
}

function isBracket(token: Token | undefined, text: string): boolean {
  return token?.kind === "bracket" && token.text === text;
}
