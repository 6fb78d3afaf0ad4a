// Each leg of a packet's way through the relayer's stages, with the time spent in each.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { DeliveryView } from "#sdk/api/views.ts";
import { pathOf } from "../site.ts";
import type { Site } from "../site.ts";
import { shortSeconds } from "./amount.ts";
import { chip } from "./chip.ts";
import { hashCode } from "./hash-code.ts";
import { untrustedText } from "./untrusted-text.ts";
import { when } from "./when.ts";

const STAGES = [
  { name: "watch", status: "watched", from: "watchedAt", to: "provingAt" },
  { name: "prove", status: "proving", from: "provingAt", to: "queuedAt" },
  { name: "queue", status: "queued", from: "queuedAt", to: "verifyingAt" },
  { name: "verify", status: "verifying", from: "verifyingAt", to: "submittingAt" },
  { name: "submit", status: "submitting", from: "submittingAt", to: "loggingAt" },
  { name: "log", status: "logging", from: "loggingAt", to: "closedAt" },
] as const;

const LEGS: Record<DeliveryView["leg"], string> = {
  receive: "To the destination",
  acknowledge: "Acknowledgement back",
  timeout: "Timeout back",
};

/** Undefined while the stage was not left, or was entered again after it was. */
function spent(delivery: DeliveryView, from: keyof DeliveryView, to: keyof DeliveryView): number | undefined {
  const [entered, left] = [delivery[from], delivery[to]];
  if (typeof entered !== "string" || typeof left !== "string") return undefined;
  const milliseconds = Date.parse(left) - Date.parse(entered);
  return milliseconds < 0 ? undefined : milliseconds / 1000;
}

function standing({ status }: DeliveryView): VNode {
  if (status === "delivered") return chip("good", "done", "delivered");
  if (status === "obsolete") return chip("plain", "done", "not needed");
  return chip("moving", "moving", status);
}

function stages(delivery: DeliveryView): VNode {
  const at = STAGES.findIndex(({ status }) => status === delivery.status);
  return html`<ol class="stages">
    ${STAGES.map(({ name, from, to }, index) => {
      // What an earlier attempt spent in a stage that lies ahead again says nothing about this one.
      const seconds = at === -1 || index < at ? spent(delivery, from, to) : undefined;
      const said = seconds === undefined ? (index === at ? "now" : "–") : shortSeconds(seconds);
      return html`<li class=${index === at ? "current" : seconds === undefined ? "ahead" : "left"} key=${name}>
        <span>${name}</span> <span class="spent">${said}</span>
      </li>`;
    })}
  </ol>`;
}

/** While one is made, its time is past. */
const upcoming = ({ nextAttemptAt }: DeliveryView, site: Site): VNode | null =>
  Date.parse(nextAttemptAt) > site.now ? html` Next attempt ${when(nextAttemptAt, site)}.` : null;

function oneDelivery(delivery: DeliveryView, site: Site): VNode {
  const open = delivery.closedAt === null;
  return html`<article class="delivery" key=${delivery.leg}>
    <h3>${LEGS[delivery.leg]} ${standing(delivery)}</h3>
    ${stages(delivery)}
    <p class="note">
      Lane <a href=${site.href(pathOf("/lanes", delivery.lane))}>${untrustedText(delivery.lane)}</a>${
        delivery.transaction === null ? null : html`, transaction ${hashCode(delivery.transaction, "the transaction")}`
      }${delivery.attempts === 0 ? null : html`, ${delivery.attempts} failed ${delivery.attempts === 1 ? "attempt" : "attempts"}`}
    </p>
    ${open && delivery.waitHeight !== null ? html`<p>Waiting until height ${delivery.waitHeight} is final.</p>` : null}
    ${
      delivery.errorCode === null
        ? null
        : html`<p class="trouble">
            ${chip("warn", "held", "held up")} ${untrustedText(delivery.errorCode)}:
            ${untrustedText(delivery.error ?? "no more is known")}.${upcoming(delivery, site)}
          </p>`
    }
  </article>`;
}

export const deliveryStages = (deliveries: readonly DeliveryView[], site: Site): VNode =>
  html`<section class="panel">
    <h2>Through the relayer</h2>
    ${
      deliveries.length === 0
        ? html`<p class="empty">This relayer has taken up no part of its way.</p>`
        : deliveries.map((delivery) => oneDelivery(delivery, site))
    }
  </section>`;
