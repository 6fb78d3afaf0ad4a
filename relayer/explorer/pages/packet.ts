// One packet: where it stands and why, what was sent, its way, and the evidence for all of it.
import { html } from "../html.ts";
import type { VNode } from "preact";
import { logEntryList, packetView } from "#sdk/api/views.ts";
import type { LogEntryView, PacketView } from "#sdk/api/views.ts";
import { traceAnswer } from "#sdk/trace/answer.ts";
import type { Explanation } from "#sdk/trace/explanation.ts";
import { acknowledgementPanel } from "../components/acknowledgement-panel.ts";
import { deliveryStages } from "../components/delivery-stages.ts";
import { eventTable } from "../components/event-table.ts";
import { evidencePanel } from "../components/evidence-panel.ts";
import { explanationSummary } from "../components/explanation-summary.ts";
import { explanationTimeline } from "../components/explanation-timeline.ts";
import { factsList } from "../components/facts-list.ts";
import { hashCode } from "../components/hash-code.ts";
import { knownEntry } from "../components/log-entry-summary.ts";
import { operatorForms } from "../components/operator-form.ts";
import { packetStatus } from "../components/packet-status.ts";
import { payloadPanel } from "../components/payload-panel.ts";
import { unknown } from "../components/unknown.ts";
import { untrustedText, visibleText } from "../components/untrusted-text.ts";
import { verifyPanel } from "../components/verify-panel.ts";
import { when } from "../components/when.ts";
import { ApiProblem } from "../ask.ts";
import type { Ask } from "../ask.ts";
import type { LoadPage, Page, PageRequest } from "../page.ts";
import { pathOf } from "../site.ts";
import type { Site } from "../site.ts";
import { unknownPage } from "./problem.ts";

/** Undefined when it takes longer than that. */
async function within<T>(milliseconds: number | undefined, work: Promise<T>): Promise<T | undefined> {
  if (milliseconds === undefined) return work;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

type Explained = { readonly explanation: Explanation | undefined };

/** A trace asks chains: what it cannot say must not keep the page from saying the rest. Undefined while it has not answered. */
async function explain({ ask, id, patience, query }: PageRequest): Promise<Explained | undefined> {
  const asked = ask.maybe(pathOf("/v1/trace", id), traceAnswer).then(
    (answer): Explained => ({ explanation: answer?.explanation }),
    (error: unknown): Explained => {
      if (error instanceof ApiProblem) return { explanation: undefined };
      throw error;
    },
  );
  return within(query.has("patient") ? undefined : patience, asked);
}

/** Entries whose envelopes are measured: a packet that is tried again and again leaves many. */
const SIZED = 12;

async function envelopeSizes(ask: Ask, entries: readonly LogEntryView[]): Promise<Map<string, number>> {
  const hashes = new Set(
    entries.slice(-SIZED).flatMap((view) => {
      const entry = knownEntry(view);
      return entry === undefined || entry.kind === "control" ? [] : [entry.envelope];
    }),
  );
  const sizes = await Promise.all(
    [...hashes].map(async (hash) => [hash, await ask.size(`/v1/log/blobs/${hash}`)] as const),
  );
  return new Map(sizes.flatMap(([hash, size]) => (size === undefined ? [] : [[hash, size] as const])));
}

function identity(packet: PacketView, site: Site): VNode {
  const client = (chain: string, id: string): VNode =>
    html`<a href=${site.href(pathOf("/lanes", `${chain}/${id}`))}>${untrustedText(`${chain}/${id}`)}</a>`;
  return html`<section class="panel">
    <h2>Packet</h2>
    ${factsList([
      ["Id", hashCode(packet.id, "the packet's id", { whole: true })],
      ["Message id", packet.messageId === null ? unknown() : hashCode(packet.messageId, "the message id")],
      ["From", client(packet.sourceChain, packet.sourceClient)],
      ["To", client(packet.destinationChain, packet.destinationClient)],
      ["Sequence", packet.sequence],
      ["Times out", when(packet.timeoutTimestamp, site, { whole: true })],
      ["Seen first", when(packet.createdAt, site, { whole: true })],
      packet.bytes === null ? null : ["Bytes", hashCode(packet.bytes, "the packet's canonical bytes")],
    ])}
  </section>`;
}

const heading = (packet: { id: string }, status: VNode | null): VNode =>
  html`<header class="title">
    <p class="kind">Packet</p>
    <h1>${untrustedText(packet.id)}</h1>
    ${status}
  </header>`;

function explained(told: Explained | undefined, id: string, site: Site): VNode | null {
  if (told === undefined)
    return html`<p class="summary" data-late>
      The chains are being asked where it stands.
      <a href=${site.href(`${pathOf("/packets", id)}?patient`)} class="unscripted">Wait for what they say</a>
    </p>`;
  const { explanation } = told;
  return explanation === undefined
    ? null
    : html`${explanationSummary(explanation, site)} ${explanationTimeline(explanation, site)}`;
}

/** Of what the tables do not know, the chains have the say. */
async function unread(request: PageRequest, told: Explained): Promise<Page> {
  const { id } = request;
  const { explanation } = told;
  if (explanation === undefined || explanation.standing === "unknown") return unknownPage(id, explanation);
  return {
    title: `Packet ${visibleText(id)}`,
    section: "/",
    twin: pathOf("/v1/trace", id),
    watches: { packet: id },
    live: (site) =>
      html`${heading({ id }, null)} ${explained(told, id, site)}
        <p class="note">This relayer has not read the packet itself yet.</p>`,
  };
}

export const loadPacket: LoadPage = async (request) => {
  const { ask, id } = request;
  const twin = pathOf("/v1/packets", id);
  const [packet, told] = await Promise.all([ask.maybe(twin, packetView), explain(request)]);
  if (packet === undefined)
    return unread(request, told ?? (await explain({ ...request, patience: undefined })) ?? { explanation: undefined });
  const found = await ask.permitted(pathOf("/v1/log/packets", id), logEntryList);
  const sizes = await envelopeSizes(ask, found?.entries ?? []);
  const bundle = `${twin}/bundle`;
  return {
    title: `Packet ${visibleText(id)}`,
    section: "/",
    twin,
    watches: { packet: packet.id },
    live: (site) =>
      html`${heading(packet, told?.explanation === undefined ? packetStatus(packet) : null)}
        ${explained(told, id, site)}
        <div class="panels">
          ${payloadPanel(packet)} ${identity(packet, site)} ${acknowledgementPanel(packet)}
          ${deliveryStages(packet.deliveries, site)}
        </div>
        ${eventTable(packet, site)} ${evidencePanel({ entries: found?.entries, sizes, bundle, packet: id }, site)}`,
    fixed: (site) =>
      html`${verifyPanel({ bundle, packet: packet.id })}
      ${operatorForms(
        [
          {
            act: "retry",
            id: packet.id,
            label: "Retry now",
            explains: "Tries what is held up of this packet's way again at once, instead of at its next attempt.",
          },
        ],
        site,
      )}`,
  };
};
