import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { AGENT_HUES, agentColor } from "./agent-color";

const styles = readFileSync("src/styles.css", "utf8");

it("an agent's colour follows from its id, and from nothing else", () => {
  expect(agentColor("support")).toEqual(agentColor("support"));
  expect(agentColor("support")).not.toEqual(agentColor("sales"));
});

it("ids that are alike are spread over all colours", () => {
  const looks = Array.from({ length: 240 }, (_, n) => JSON.stringify(agentColor(`agent-${n}`)));
  expect(new Set(looks).size).toBe(2 * AGENT_HUES);
});

it("each hue is a token of the styles, of the same hue in both themes", () => {
  for (let hue = 0; hue < AGENT_HUES; hue += 1) {
    const token = new RegExp(`--agent-${hue + 1}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(
      styles,
    );
    const [light, dark] = [hueOf(token?.[1] ?? ""), hueOf(token?.[2] ?? "")];
    const apart = Math.abs(light - dark);
    expect(Math.min(apart, 360 - apart), `--agent-${hue + 1}`).toBeLessThan(15);
  }
});

/** The hue of a colour in OKLCH (https://bottosson.github.io/posts/oklab/), in degrees. */
function hueOf(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255),
  );
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const across = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const along = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return (Math.atan2(along, across) * 180) / Math.PI;
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
