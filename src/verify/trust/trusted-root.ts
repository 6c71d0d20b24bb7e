import type { KeyObject } from "node:crypto";
import type { X509Certificate } from "@sigstore/core";
import { type Certificate, readCertificate } from "../certificate/certificate.ts";
import { namedKey } from "./algorithm.ts";
import { libraryCertificate } from "../certificate/library-certificate.ts";
import { Fault } from "../fault.ts";
import { absent, bytes, list, members, text } from "../bundle/fields.ts";
import { SafeInstallError } from "../../errors.ts";
import { LIMITS } from "../../limits.ts";

/** What a trusted root vouches for, read strictly (protobuf-specs `TrustedRoot`). */
export interface Material {
  readonly certificateAuthorities: readonly Authority[];
  readonly timestampAuthorities: readonly Authority[];
  readonly tlogs: readonly LogKey[];
  readonly ctlogs: readonly LogKey[];
}

export interface Authority {
  /** For messages; empty where the root gives none. */
  readonly uri: string;
  readonly certChain: readonly X509Certificate[];
  readonly read: readonly Certificate[];
  readonly validFor: Validity;
}

export interface LogKey {
  readonly logID: Buffer;
  readonly baseURL: string;
  readonly publicKey: KeyObject;
  /** The algorithm's name, where nothing that this log signs can be verified; else null. */
  readonly unusable: string | null;
  readonly validFor: Validity;
}

/** Both ends inclusive. */
interface Validity {
  readonly start: Date;
  readonly end: Date;
}

const END_OF_TIME = new Date(8_640_000_000_000_000);
const INSTANCES = 64;
const TYPES: readonly unknown[] = [
  "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  "application/vnd.dev.sigstore.trustedroot.v0.1+json",
  "application/vnd.dev.sigstore.trustedroot.v0.2+json",
];

/** Reads a trusted root. What is empty, misspelt, of the wrong type or without a beginning is refused: it would trust nothing, or too long. @throws SafeInstallError kind "policy" */
export function readTrustedRoot(json: unknown, name: string): Material {
  try {
    return read(json);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new SafeInstallError("policy", "TRUST_ROOT_INVALID", `trust root ${name}: ${error.message}`, {
      hint: "give the trusted_root.json of the Sigstore instance",
    });
  }
}

function read(json: unknown): Material {
  const root = members(json, "the trusted root", [
    "mediaType",
    "tlogs",
    "certificateAuthorities",
    "ctlogs",
    "timestampAuthorities",
    "signingConfig",
  ]);
  if (!TYPES.includes(root["mediaType"])) wrong("the media type is not one of a trusted root");
  const material = {
    certificateAuthorities: listOf(root, "certificateAuthorities", authority),
    timestampAuthorities: listOf(root, "timestampAuthorities", authority),
    tlogs: listOf(root, "tlogs", logKey),
    ctlogs: listOf(root, "ctlogs", logKey),
  };
  if (Object.values(material).every((one) => one.length === 0)) wrong("it is empty");
  return material;
}

function listOf<T>(
  root: Readonly<Record<string, unknown>>,
  name: string,
  each: (json: unknown, path: string) => T,
): readonly T[] {
  return list(root[name], name, INSTANCES).map((one, n) => each(one, `${name}[${n}]`));
}

function authority(json: unknown, path: string): Authority {
  const one = members(json, path, ["subject", "uri", "certChain", "validFor", "operator"]);
  const { certificates } = members(one["certChain"], `${path}.certChain`, ["certificates"]);
  const ders = list(certificates, `${path}.certificates`, LIMITS.certificateChain).map((each, n) =>
    bytes(members(each, `${path}.certificates[${n}]`, ["rawBytes"])["rawBytes"], `${path}.certificates[${n}]`),
  );
  if (ders.length === 0) wrong(`${path} has no certificate`);
  const read = ders.map(readCertificate);
  return {
    uri: absent(one["uri"]) ? "" : text(one["uri"], `${path}.uri`, 1000),
    read,
    certChain: read.map(libraryCertificate),
    validFor: validity(one["validFor"], path),
  };
}

function logKey(json: unknown, path: string): LogKey {
  const one = members(json, path, ["baseUrl", "hashAlgorithm", "publicKey", "logId", "checkpointKeyId", "operator"]);
  const key = members(one["publicKey"], `${path}.publicKey`, ["rawBytes", "keyDetails", "validFor"]);
  const keyId = absent(one["checkpointKeyId"]) ? one["logId"] : one["checkpointKeyId"];
  return {
    logID: bytes(members(keyId, `${path}.logId`, ["keyId"])["keyId"], `${path}.logId`, 64),
    baseURL: text(one["baseUrl"], `${path}.baseUrl`, 1000),
    ...publicKey(bytes(key["rawBytes"], `${path}.publicKey`), key["keyDetails"], path),
    validFor: validity(key["validFor"], `${path}.publicKey`),
  };
}

function publicKey(der: Buffer, details: unknown, path: string): Pick<LogKey, "publicKey" | "unusable"> {
  const named = namedKey(der, details);
  return typeof named === "string" ? wrong(`${path}: ${named}`) : { publicKey: named.key, unusable: named.unusable };
}

function validity(json: unknown, path: string): Validity {
  const { start, end } = members(json, `${path}.validFor`, ["start", "end"]);
  if (absent(start)) return wrong(`${path}.validFor has no start`);
  const read = { start: date(start, path), end: absent(end) ? END_OF_TIME : date(end, path) };
  return read.start > read.end ? wrong(`${path}.validFor ends before it starts`) : read;
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

function date(value: unknown, path: string): Date {
  const parsed = typeof value === "string" && RFC3339.test(value) ? new Date(value) : new Date(Number.NaN);
  return Number.isNaN(parsed.getTime()) ? wrong(`${path}.validFor is not a time in UTC`) : parsed;
}

function wrong(why: string): never {
  throw new Fault("BUNDLE_MALFORMED", why);
}
