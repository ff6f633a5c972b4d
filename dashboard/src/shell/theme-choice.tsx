import { useState } from "react";
import { Select } from "../ui/select";

const THEMES = [
  { value: "system", label: "System theme" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

type Theme = (typeof THEMES)[number]["value"];

// `theme.js` reads it before the first paint.
const KEPT_AS = "callslot.theme";

export function ThemeChoice() {
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
  return <Select label="Theme" isLabelHidden value={theme} choices={THEMES} onChange={choose} />;
}
