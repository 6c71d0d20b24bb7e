/**
 * Keeps the shape of a public .NET repository for `test/real/dotnet-shapes`: `node .build/test/tools/dotnet-shape.js FOLDER NAME`,
 * where FOLDER is a checkout of it. Prints how many files there are, and how large they are.
 */
import { namedIn, reduced } from "../support/dotnet-shapes/reduce.ts";
import { configOf, globalOf, solutionOf } from "../support/dotnet-shapes/shape.ts";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const [folder = "", name = ""] = process.argv.slice(2);
keep();

function keep(): void {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !/(?:^|\/)(?:\.git|obj|bin|artifacts)\//.test(path))
    .sort();
  const texts = paths.flatMap((path) => {
    const isOne =
      /\.(?:[cf]s|vb)proj$|\.(?:props|targets)$|\.slnx?$|\.slnf$|(?:^|\/)(?:global\.json|nuget\.config|packages\.lock\.json|dotnet-tools\.json)$/i;
    return isOne.test(path) ? [[path, readFileSync(join(folder, path), "utf8")] as const] : [];
  });
  const projects = texts.filter(([path]) => /proj$|props$|targets$/i.test(path));
  const named = namedIn(projects.map(([, text]) => text));
  const shape = Object.fromEntries(texts.map(([path, text]) => [path, shapeOf(path, text, named)]));
  const body = brotliCompressSync(JSON.stringify(shape), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  mkdirSync("test/real/shapes", { recursive: true });
  writeFileSync(join("test/real/shapes", `${name}.br`), body);
  console.log(JSON.stringify({ name, files: texts.length, bytes: body.length }));
}

function shapeOf(path: string, text: string, named: ReadonlySet<string>): string {
  if (/\.sln[xf]?$/i.test(path)) return solutionOf(path, text);
  if (/nuget\.config$/i.test(path)) return configOf(text);
  if (/global\.json$/i.test(path)) return globalOf(text);
  if (/\.json$/i.test(path)) return JSON.stringify(JSON.parse(text.replace(/^\uFEFF/, "")));
  return reduced(text, named);
}
