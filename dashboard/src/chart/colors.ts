// The colours of the theme for a canvas, which knows no CSS variables.

import { agentColor } from "../agent-color";

export const SERIES_COLORS = [
  "series-1",
  "series-2",
  "series-3",
  "series-4",
  "series-5",
  "series-6",
  "series-7",
] as const;

const AGENT_COLORS = [
  "agent-1",
  "agent-2",
  "agent-3",
  "agent-4",
  "agent-5",
  "agent-6",
  "agent-7",
  "agent-8",
  "agent-9",
  "agent-10",
  "agent-11",
  "agent-12",
] as const;

type AgentColorName = (typeof AGENT_COLORS)[number];

/** An agent's colour: the one that it has everywhere. */
export function agentColorName(id: string): AgentColorName {
  return AGENT_COLORS[agentColor(id).hue] ?? "agent-1";
}

const COLOR_NAMES = [
  ...SERIES_COLORS,
  ...AGENT_COLORS,
  "series-8",
  "shared",
  "surface",
  "sunken",
  "danger",
  "warning",
  "text",
  "muted",
  "line",
  "line-strong",
  "accent",
] as const;

/** A token of styles.css, without its dashes. */
export type ColorName = (typeof COLOR_NAMES)[number];
export type Colors = Readonly<Record<ColorName, string>>;

/** The colours as they are now within an element. */
export function readColors(within: HTMLElement): Colors {
  // A variable's own value may be an expression (`light-dark(…)`); a property that uses it is computed.
  const probe = document.createElement("span");
  probe.hidden = true;
  within.append(probe);
  const entries = COLOR_NAMES.map((name) => {
    // High contrast has its own colours for text and lines; what tells series apart stays as it is in their legend.
    const isTelling = /^(series|agent|shared)/.test(name);
    probe.style.setProperty("forced-color-adjust", isTelling ? "none" : "auto");
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(entries) as Record<ColorName, string>;
}

/** A computed colour, seen through: "rgb(1, 2, 3)" → "rgba(1, 2, 3, 0.5)". Other notations stay as they are. */
export function translucent(color: string, alpha: number): string {
  const channels = /^rgb\(([^)]+)\)$/.exec(color)?.[1];
  return channels === undefined ? color : `rgba(${channels}, ${alpha})`;
}

/** Calls back when the theme or the system's colour scheme has changed. Returns how to stop it. */
export function watchTheme(onChange: () => void): () => void {
  const chosen = new MutationObserver(onChange);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", onChange);
  return () => {
    chosen.disconnect();
    system.removeEventListener("change", onChange);
  };
}
