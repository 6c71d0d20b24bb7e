import { openKnownPlaces } from "../../../../plugins/pip/evidence/known-places.ts";
import { SourceUnavailable } from "../../../../src/plugin.ts";
import { describe, expect, it } from "vitest";

const PLACE = "https://index.example";
const page = (name: string) => `${PLACE}/simple/${name}/`;
const failing = (reason: string, asked: string[]) => (url: string) => async () => {
  asked.push(url);
  throw new SourceUnavailable(url, reason);
};
const answering = (asked: string[]) => (url: string) => async () => {
  asked.push(url);
  return url;
};
const told = (work: Promise<unknown>) => work.catch((error: SourceUnavailable) => [error.location, error.reason]);

describe("what is known of a place in a run", () => {
  it.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ConnectionError", "ReadTimeout", "SSLError"])(
    "%s: asked once, whoever waits hears the same of the place itself",
    async (reason) => {
      const reach = openKnownPlaces();
      const asked: string[] = [];
      const ask = failing(reason, asked);
      const names = Array.from({ length: 20 }, (_, at) => page(`p${at}`));
      const heard = await Promise.all(names.map((url) => told(reach.ask(url, ask(url)))));
      expect(asked).toEqual([page("p0")]);
      expect(new Set(heard.map((one) => JSON.stringify(one)))).toEqual(
        new Set([JSON.stringify([PLACE, `the place cannot be reached: ${reason}`])]),
      );
    },
  );

  it("another place is asked", async () => {
    const reach = openKnownPlaces();
    await told(reach.ask(page("a"), failing("ECONNREFUSED", [])(page("a"))));
    const other = "https://other.example/simple/a/";
    expect(await reach.ask(other, answering([])(other))).toBe(other);
  });

  it.each(["answered 500", "answer larger than 10 bytes", "redirected more than 5 times"])(
    "%s is about one address: the others are asked",
    async (reason) => {
      const reach = openKnownPlaces();
      const asked: string[] = [];
      expect(await told(reach.ask(page("a"), failing(reason, asked)(page("a"))))).toEqual([page("a"), reason]);
      expect(await reach.ask(page("b"), answering(asked)(page("b")))).toBe(page("b"));
      expect(asked).toEqual([page("a"), page("b")]);
    },
  );

  it("one that has answered may fail twice, not three times in a row", async () => {
    const reach = openKnownPlaces();
    const asked: string[] = [];
    const fail = (name: string) => told(reach.ask(page(name), failing("ECONNREFUSED", asked)(page(name))));
    await reach.ask(page("a"), answering(asked)(page("a")));
    await fail("b");
    await fail("c");
    await reach.ask(page("d"), answering(asked)(page("d")));
    await fail("e");
    await fail("f");
    expect(await fail("g")).toEqual([PLACE, "the place cannot be reached: ECONNREFUSED"]);
    await fail("h");
    expect(asked).toEqual(["a", "b", "c", "d", "e", "f", "g"].map(page));
  });

  it("a bug of ours is none of the place's", async () => {
    const reach = openKnownPlaces();
    const fails = async () => {
      throw new TypeError("a bug");
    };
    await expect(reach.ask(page("a"), fails)).rejects.toThrow("a bug");
    expect(await reach.ask(page("b"), answering([])(page("b")))).toBe(page("b"));
  });
});
