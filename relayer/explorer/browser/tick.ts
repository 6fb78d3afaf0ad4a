// Keeps relative times true. Writes into the text node that is there: whoever rendered it goes on owning it.
import { relativeTime } from "../components/relative-time.ts";

const EVERY_MS = 1_000;

function tick(): void {
  if (document.hidden) return;
  const now = Date.now();
  for (const element of document.querySelectorAll<HTMLTimeElement>("time[data-when]")) {
    const [text] = element.childNodes;
    const said = relativeTime(Date.parse(element.dateTime), now);
    if (text instanceof Text && text.data !== said) text.data = said;
  }
}

export const startTicking = (): void => void setInterval(tick, EVERY_MS);
