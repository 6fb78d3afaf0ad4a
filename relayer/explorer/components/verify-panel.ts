// Where a bundle is judged in the visitor's own browser. Without a script it says how to do the same offline.
import { html } from "../html.ts";
import type { VNode } from "preact";

export interface VerifyTarget {
  /** The API's path of the bundle to fetch. */
  readonly bundle: string;
  readonly packet: string;
}

/** Without a target any file is judged. */
export const verifyPanel = (target?: VerifyTarget): VNode =>
  html`<section class="panel verify" aria-labelledby="verify-title">
    <h2 id="verify-title">Verify in this page</h2>
    <p>
      ${
        target === undefined
          ? "Judges all of a packet's bundle here, in your browser:"
          : "Fetches this packet's bundle and judges all of it here, in your browser:"
      }
      headers, signatures, Merkle proofs and the log's signed tree. No server is asked for a verdict.
    </p>
    <div data-island="verify" data-bundle=${target?.bundle ?? ""} data-packet=${target?.packet ?? ""}>
      <p class="unscripted note">
        This needs a script. Without one, download the bundle and run <code>causeway audit verify</code> on it.
      </p>
    </div>
  </section>`;
