// Changes between light and dark, and remembers it.
import { remembered } from "./remembered.ts";

export function toggleTheme(): void {
  const root = document.documentElement;
  const isDark =
    root.dataset["theme"] === undefined
      ? matchMedia("(prefers-color-scheme: dark)").matches
      : root.dataset["theme"] === "dark";
  const theme = isDark ? "light" : "dark";
  root.dataset["theme"] = theme;
  remembered.set("theme", theme);
}
