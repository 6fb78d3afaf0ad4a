// One act of an operator as a plain form. The token travels in the form and nowhere else: no cookie, nothing to forge.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { Site } from "../site.ts";

export interface OperatorAct {
  readonly act: "retry" | "clear" | "pause" | "resume";
  /** The packet's or lane's id. */
  readonly id: string;
  readonly label: string;
  readonly explains: string;
}

const TAKES_REASON: readonly OperatorAct["act"][] = ["pause"];

function form({ act, id, label, explains }: OperatorAct, site: Site): VNode {
  const name = `token-${act}`;
  return html`<form class="operate" method="post" action=${site.href("/operate")} data-operate=${act}>
    <p>${explains}</p>
    <input type="hidden" name="act" value=${act} />
    <input type="hidden" name="id" value=${id} />
    ${
      TAKES_REASON.includes(act)
        ? html`<label>Reason <input name="because" required maxlength="256" autocomplete="off" /></label>`
        : null
    }
    <label>
      Operator's token
      <input id=${name} name="token" type="password" required maxlength="512" autocomplete="off" />
    </label>
    <button type="submit">${label}</button>
    <p class="result" role="status" data-result></p>
  </form>`;
}

/** On the relayer's own pages only: its API takes no acts from pages of other origins. */
export const operatorForms = (acts: readonly OperatorAct[], site: Site): VNode | null =>
  site.api !== ""
    ? null
    : html`<details class="panel operator">
        <summary><h2>For operators</h2></summary>
        ${acts.map((act) => form(act, site))}
      </details>`;
