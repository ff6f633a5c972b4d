import { useState } from "react";

export const THEMES = [
  { value: "system", label: "System theme" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

export type Theme = (typeof THEMES)[number]["value"];

// `theme.js` reads it before the first paint.
const KEPT_AS = "callslot.theme";

/** The theme, and how to choose another one. */
export function useTheme(): [Theme, (chosen: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(
    () =>
      THEMES.find(({ value }) => value === document.documentElement.dataset.theme)?.value ??
      "system",
  );
  const choose = (chosen: Theme) => {
    setTheme(chosen);
    if (chosen === "system") {
      delete document.documentElement.dataset.theme;
      localStorage.removeItem(KEPT_AS);
    } else {
      document.documentElement.dataset.theme = chosen;
      localStorage.setItem(KEPT_AS, chosen);
    }
  };
  return [theme, choose];
}
