import { childTargets, whyItMatters } from "../../../../plugins/dotnet/reading/matters.ts";
import { children, parseRoot } from "../../../../plugins/dotnet/xml.ts";
import { expect, it } from "vitest";

const inside = (text: string) => {
  const root = parseRoot(`<Project>${text}</Project>`);
  const [element] = childTargets(root);
  const files = [{ file: "app.targets", root }] as unknown as Parameters<typeof whyItMatters>[1];
  return whyItMatters({ file: "app.targets", name: "mine", element: element! }, files);
};

it("targets are targets, and nothing else of a project", () => {
  const root = parseRoot("<Project><Target Name='a' /><PropertyGroup><A>1</A></PropertyGroup></Project>");
  expect(childTargets(root)).toEqual(children(root, "Target"));
});

it("a target counts where it stands: in another element it is none that is plain", () => {
  expect(inside('<Target Name="mine" />')).toBeNull();
  expect(inside('<Choose><When><Target Name="mine" /></When></Choose>')).toBe("is not a plain target");
});
