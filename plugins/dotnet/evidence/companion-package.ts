import { SafeInstallError, writeZip } from "../../../src/plugin.ts";
import { readIdentity } from "../bytes/package.ts";
import { stripSignature } from "../bytes/strip.ts";
import { XmlFault } from "../xml.ts";
import { ZipFault } from "../zip.ts";

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
