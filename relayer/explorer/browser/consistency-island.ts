// Whether the log that is served now extends the one of the last visit; the browser remembers, the server is not believed.
import { html } from "../html.ts";
import { render } from "preact";
import type { VNode } from "preact";
import { z } from "zod";
import { logProof } from "#sdk/api/views.ts";
import type { Ask } from "../ask.ts";
import { chip } from "../components/chip.ts";
import { hashCode } from "../components/hash-code.ts";
import { untrustedText } from "../components/untrusted-text.ts";
import { when } from "../components/when.ts";
import type { Site } from "../site.ts";
import { workAside } from "./evidence-work.ts";
import { remembered } from "./remembered.ts";

const visit = z.object({
  size: z.string().regex(/^\d{1,19}$/),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  key: z.string(),
  /** Unix milliseconds. */
  at: z.number(),
});
type Visit = z.infer<typeof visit>;

function lastVisit(name: string): Visit | undefined {
  try {
    return visit.safeParse(JSON.parse(remembered.get(name) ?? "null")).data;
  } catch {
    return undefined;
  }
}

type Found = { readonly ok: true; readonly visit: Visit } | { readonly ok: false; readonly why: string };

async function compare(ask: Ask, before: Visit | undefined, now: number): Promise<Found> {
  const [note, line] = await Promise.all([ask.text("/v1/log/checkpoint"), ask.text("/v1/log/key")]);
  const key = line.trim();
  if (before !== undefined && before.key !== key) return { ok: false, why: `another key signs it now: ${key}` };
  const size = /\n(\d{1,19})\n/.exec(note)?.[1] ?? "0";
  const grew = before !== undefined && before.size !== "0" && BigInt(size) > BigInt(before.size);
  const { hashes } = grew
    ? await ask.json(`/v1/log/consistency?from=${before.size}&to=${size}`, logProof)
    : { hashes: [] };
  const worked = await workAside({ kind: "consistency", note, key, before, proof: hashes });
  if (worked.kind !== "consistency") return { ok: false, why: "the verifier did not answer" };
  return worked.ok ? { ok: true, visit: { size: worked.size, root: worked.root, key, at: now } } : worked;
}

function said(before: Visit | undefined, found: Found, site: Site, forget: () => void): VNode {
  if (!found.ok)
    return html`<p>${chip("bad", "failed", "not the same log")} ${untrustedText(found.why)}</p>
      <p>
        ${
          before === undefined
            ? null
            : html`You were here ${when(before.at / 1000, site)}, and it had ${before.size} entries with root
              ${hashCode(before.root, "the root of your last visit")}.`
        }
        Keep that: it shows that what is served now is another history.
      </p>
      <p><button type="button" onClick=${forget}>Forget it, and begin again</button></p>`;
  if (before === undefined)
    return html`<p>
      ${chip("plain", "now", "first visit")} Remembered: ${found.visit.size} entries, root
      ${hashCode(found.visit.root, "the root")}. Next time this page checks that the log has only grown.
    </p>`;
  const more = BigInt(found.visit.size) - BigInt(before.size);
  return html`<p>
    ${chip("good", "done", "the same log")} Proven in this browser: the ${before.size} entries of your visit
    ${when(before.at / 1000, site)} are all still there, unchanged,
    ${more === 0n ? "and none was added" : `and ${more} came after them`}.
  </p>`;
}

export async function mountConsistency(element: HTMLElement, ask: Ask, site: Site): Promise<void> {
  const name = `log ${site.api}`;
  const before = lastVisit(name);
  let found: Found;
  try {
    found = await compare(ask, before, site.now);
  } catch (error) {
    element.replaceChildren();
    render(html`<p class="trouble">It could not be compared: ${untrustedText((error as Error).message)}</p>`, element);
    return;
  }
  if (found.ok) remembered.set(name, JSON.stringify(found.visit));
  const forget = (): void => {
    remembered.set(name, undefined);
    void mountConsistency(element, ask, site);
  };
  element.replaceChildren();
  render(said(before, found, site, forget), element);
}
