// Fetches or takes a bundle, has it judged in this browser, and shows every check.
import { html } from "../html.ts";
import { render } from "preact";
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { AuditReport } from "#sdk/evidence/report.ts";
import { auditReport } from "../components/audit-report.ts";
import { untrustedText } from "../components/untrusted-text.ts";
import { workAside } from "./evidence-work.ts";
import { remembered } from "./remembered.ts";

interface VerifyOptions {
  /** Where the bundle is; empty when only files are judged. */
  readonly bundle: string;
  /** Whose bundle it has to be; empty when anybody's. */
  readonly packet: string;
}

type State =
  | { readonly at: "start" }
  | { readonly at: "working"; readonly what: string }
  | { readonly at: "failed"; readonly why: string }
  | { readonly at: "judged"; readonly report: AuditReport };

/** Larger than any bundle; a file of another kind must not fill the memory. */
const MOST_BYTES = 64 * 1024 * 1024;

async function fetchBundle(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { cache: "no-store" }).catch(() => undefined);
  if (response === undefined) throw new Error("the API does not answer");
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  const said = (await response.json().catch(() => undefined)) as { message?: unknown } | undefined;
  throw new Error(typeof said?.message === "string" ? said.message : `the API answered with ${response.status}`);
}

async function readFile(file: File): Promise<Uint8Array> {
  if (file.size > MOST_BYTES) throw new Error("the file is too large for a bundle");
  return new Uint8Array(await file.arrayBuffer());
}

function VerifyIsland({ bundle, packet }: VerifyOptions): VNode {
  const [state, setState] = useState<State>({ at: "start" });
  const [key, setKey] = useState(() => remembered.get("logKey") ?? "");
  const result = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state.at === "judged" || state.at === "failed") result.current?.focus();
  }, [state.at]);

  const judge = async (what: string, get: () => Promise<Uint8Array>): Promise<void> => {
    setState({ at: "working", what });
    try {
      const file = await get();
      const trusted = key.trim();
      remembered.set("logKey", trusted === "" ? undefined : trusted);
      const worked = await workAside({ kind: "bundle", file, logKey: trusted === "" ? undefined : trusted });
      if (worked.kind === "bundle") setState({ at: "judged", report: worked.report });
    } catch (error) {
      setState({ at: "failed", why: (error as Error).message });
    }
  };
  const take = (file: File | undefined): void => {
    if (file !== undefined) void judge(`Judging ${file.name}`, () => readFile(file));
  };

  return html`<div
    class="verifier"
    onDragOver=${(event: DragEvent) => event.preventDefault()}
    onDrop=${(event: DragEvent) => {
      event.preventDefault();
      take(event.dataTransfer?.files[0]);
    }}
  >
    <label class="wide"
      >The log's key, as you know it from elsewhere (optional; remembered in this browser)
      <input
        name="logKey"
        value=${key}
        maxlength="512"
        autocomplete="off"
        spellcheck=${false}
        placeholder="name+id+base64"
        onInput=${(event: InputEvent) => setKey((event.currentTarget as HTMLInputElement).value)}
      />
    </label>
    <div class="actions">
      ${
        bundle === ""
          ? null
          : html`<button
              type="button"
              class="primary"
              disabled=${state.at === "working"}
              onClick=${() => void judge("Fetching and judging the bundle", () => fetchBundle(bundle))}
            >
              Fetch and verify
            </button>`
      }
      <label class="file"
        ><span>${bundle === "" ? "Choose a bundle" : "or a file of yours"}</span>
        <input
          type="file"
          accept=".json,application/json"
          onChange=${(event: Event) => {
            const input = event.currentTarget as HTMLInputElement;
            take(input.files?.[0]);
            // The same file may be chosen again after it was changed.
            input.value = "";
          }}
        />
      </label>
      <span class="note">or drop one here</span>
    </div>
    <div class="outcome" role="status" tabindex="-1" ref=${result}>
      ${state.at === "working" ? html`<p class="working">${untrustedText(state.what)}…</p>` : null}
      ${state.at === "failed" ? html`<p class="trouble">It could not be judged: ${untrustedText(state.why)}</p>` : null}
      ${state.at === "judged" ? auditReport(state.report, packet === "" ? undefined : packet) : null}
    </div>
  </div>`;
}

export function mountVerify(element: HTMLElement, api: string): void {
  const { bundle = "", packet = "" } = element.dataset;
  element.replaceChildren();
  render(html`<${VerifyIsland} bundle=${bundle === "" ? "" : `${api}${bundle}`} packet=${packet} />`, element);
}
