// What the demo says about a packet in the end, for people and as JSON.
import { isErrorAcknowledgement } from "#adapters/protocol/acknowledgement.ts";
import type { PacketView } from "#sdk/api/views.ts";
import type { AuditedPacket } from "./audit-packet.ts";
import type { LegLife, PacketLife } from "./packet-life.ts";
import type { SentPacket } from "./sent-packet.ts";

export interface PacketReport {
  readonly id: string;
  readonly kind: SentPacket["kind"];
  readonly from: string;
  readonly to: string;
  readonly what: string;
  /** Received on its destination and acknowledged on its source, as the chains themselves say. */
  readonly delivered: boolean;
  readonly acknowledged: boolean;
  /** The receiving application carried it out. */
  readonly successful: boolean;
  /** The audit bundle was judged again from its file, and holds. */
  readonly proven: boolean;
  readonly seconds: number;
  readonly transactions: {
    readonly send: string;
    readonly receive: string | null;
    readonly acknowledge: string | null;
  };
  /** Seconds in each stage, by leg. */
  readonly stages: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly log: { readonly entries: readonly string[] };
  /** Null when the file is gone with the demo. */
  readonly bundle: string | null;
  readonly verifyCommand: string | null;
  readonly url: string;
  /** What failed, when something did. */
  readonly problems: readonly string[];
}

export interface Finished {
  readonly sent: SentPacket;
  readonly life: PacketLife;
  readonly view: PacketView | undefined;
  readonly onChain: { readonly delivered: boolean; readonly acknowledged: boolean };
  readonly audited: AuditedPacket;
  /** Whether the bundle's file outlives this report. */
  readonly kept: boolean;
  /** Of the relayer's HTTP API. */
  readonly api: string;
}

export function packetReport({ sent, life, view, onChain, audited, kept, api }: Finished): PacketReport {
  const leg = (name: LegLife["leg"]): LegLife | undefined => life.legs.find((one) => one.leg === name);
  const acknowledgements = view?.acknowledgements?.map((hex) => Buffer.from(hex, "hex"));
  const failed = audited.report.checks.filter((check) => !check.ok);
  const successful = acknowledgements !== undefined && !isErrorAcknowledgement(acknowledgements);
  const proven = audited.report.ok && audited.report.state === "acknowledged";
  return {
    id: sent.id,
    kind: sent.kind,
    from: sent.from.chainId,
    to: sent.to.chainId,
    what: sent.what,
    ...onChain,
    successful,
    proven,
    seconds: life.seconds,
    transactions: {
      send: sent.transaction,
      receive: leg("receive")?.transaction ?? null,
      acknowledge: leg("acknowledge")?.transaction ?? null,
    },
    stages: Object.fromEntries(life.legs.map((one) => [one.leg, one.stages])),
    log: { entries: audited.entries },
    bundle: kept ? audited.path : null,
    verifyCommand: kept ? `npm run -s causeway -- audit verify ${audited.path}` : null,
    url: `${api}/packets/${sent.id}`,
    problems: [
      ...(onChain.delivered ? [] : ["the destination chain holds no receipt"]),
      ...(onChain.acknowledged ? [] : ["the source chain still holds the commitment"]),
      ...(successful ? [] : ["the receiving application refused it"]),
      ...failed.map((check) => `${check.name}: ${check.detail}`),
      ...(audited.report.ok && !proven ? [`the bundle shows the packet ${audited.report.state}`] : []),
    ],
  };
}

const stages = (times: Readonly<Record<string, number>> | undefined): string =>
  Object.entries(times ?? {})
    .map(([stage, value]) => `${stage} ${value.toFixed(2)}`)
    .join(", ");

export function describeReport(report: PacketReport): string {
  const verdict =
    report.problems.length === 0 ? "delivered, acknowledged, proven" : `FAILED: ${report.problems.join("; ")}`;
  return [
    `${report.kind} ${report.what}, ${report.from} → ${report.to}: ${verdict} in ${report.seconds.toFixed(1)} s`,
    `  packet       ${report.id}`,
    `  sent         ${report.transactions.send}`,
    `  received     ${report.transactions.receive ?? "-"}`,
    `               seconds: ${stages(report.stages["receive"])}`,
    `  acknowledged ${report.transactions.acknowledge ?? "-"}`,
    `               seconds: ${stages(report.stages["acknowledge"])}`,
    `  proof log    entries ${report.log.entries.join(", ")}`,
    `  details      ${report.url}`,
    `  audit        ${report.verifyCommand ?? "judged from its bundle; --bundles <directory> keeps the file"}`,
  ].join("\n");
}
