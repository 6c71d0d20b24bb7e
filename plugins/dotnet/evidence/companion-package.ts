import { SafeInstallError } from "../../../src/plugin.ts";
import { readIdentity } from "../bytes/package.ts";
import { stripSignature } from "../bytes/strip.ts";
import { XmlFault } from "../xml.ts";
import { ZipFault } from "../zip.ts";
import { crc32 } from "node:zlib";

/** What a companion package is named after. */
export interface Companion {
  readonly id: string;
  readonly version: string;
  readonly bytes: Buffer;
}

/**
 * Puts a bundle into a package of its own, `<Id>.Sigstore` of the same version, for feeds that hold nothing but packages.
 * @throws SafeInstallError where `nupkg` is no package
 */
export function makeCompanion(nupkg: Buffer, bundle: string): Companion {
  const { id, version } = identityOf(nupkg);
  const name = `${id}.Sigstore`;
  const nuspec = `<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>${name}</id>
    <version>${version}</version>
    <authors>safe-install</authors>
    <description>The Sigstore bundle of ${id} ${version}. Not to be referenced.</description>
  </metadata>
</package>
`;
  const files = { [`${name}.nuspec`]: nuspec, [`${id}.${version}.nupkg.sigstore.json`]: bundle };
  return { id: name, version, bytes: writeZip(files) };
}

function identityOf(nupkg: Buffer) {
  try {
    return readIdentity(stripSignature(nupkg).content);
  } catch (error) {
    if (!(error instanceof ZipFault || error instanceof XmlFault)) throw error;
    throw new SafeInstallError("usage", "NOT_A_PACKAGE", `not a NuGet package: ${error.message}`);
  }
}

/** Writes a zip file of stored entries, the same bytes for the same content (APPNOTE 4.3). Names are ASCII. */
export function writeZip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text, "utf8");
    const common = numbers(
      [2, 20],
      [2, 0],
      [2, 0],
      [4, EPOCH],
      [4, crc32(data)],
      [4, data.length],
      [4, data.length],
      [2, name.length],
      [2, 0],
    );
    const local = Buffer.concat([numbers([4, 0x04034b50]), common, Buffer.from(name), data]);
    const place = numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    centrals.push(Buffer.concat([numbers([4, 0x02014b50], [2, 20]), common, place, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const count = locals.length;
  const end = numbers(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, directory.length],
    [4, offset],
    [2, 0],
  );
  return Buffer.concat([...locals, directory, end]);
}

/** 1980-01-01 in MS-DOS format. */
const EPOCH = 0x00210000;

/** Little-endian, each of so many bytes. */
function numbers(...parts: readonly (readonly [2 | 4, number])[]): Buffer {
  return Buffer.concat(
    parts.map(([size, value]) => {
      const field = Buffer.alloc(size);
      field.writeUIntLE(value, 0, size);
      return field;
    }),
  );
}
