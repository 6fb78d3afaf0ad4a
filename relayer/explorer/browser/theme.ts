// The colours that the visitor chose, before anything is painted.
import { remembered } from "./remembered.ts";

const chosen = remembered.get("theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
document.documentElement.classList.add("scripted");
