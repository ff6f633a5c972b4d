import { expect, test } from "vitest";
import { difference, withOneFont } from "./golden";
import { open, seed } from "./seeded";
import { world } from "./world";

const here = world(seed);

const LOOKS = [
  { name: "desktop", width: 1280, height: 800 },
  { name: "phone", width: 390, height: 800 },
] as const;

for (const colorScheme of ["light", "dark"] as const) {
  for (const { name, width, height } of LOOKS) {
    test(`the main pages look as they did, ${colorScheme}, ${name}`, async () => {
      const visitor = await here.visitor({ colorScheme, width, height });
      const differences: string[] = [];
      for (const page of ["Concurrency", "Calls", "Agents", "Gates"] as const) {
        await open(visitor, page);
        await withOneFont(visitor.page);
        const told = await difference(visitor.page, `${page.toLowerCase()}-${colorScheme}-${name}`);
        if (told !== "") differences.push(told);
      }
      expect(differences).toEqual([]);
    });
  }
}
