// What each job costs elsewhere, as published or measured, and what it is to cost here (gas of the whole transaction).

export interface GasTarget {
  readonly job: string;
  /** Best figure known elsewhere. */
  readonly peer: string;
  /** Osaka rules. */
  readonly target: number;
}

export const targets: Readonly<Record<string, GasTarget>> = {
  "ethereum.update.512": { job: "finality update, all 512 signed", peer: "2.9-3.1 M, BLS mocked", target: 250_000 },
  "ethereum.update.486": { job: "the same, 26 of 512 absent", peer: "-", target: 485_000 },
  "ethereum.rotation": { job: "what a committee rotation adds", peer: "8.8-9.0 M", target: 35_000 },
  "mpt.7.exec": { job: "MPT proof of 7 nodes, execution only", peer: "182 k; OpenZeppelin 209 k", target: 25_000 },
  "comet.update.150": { job: "CometBFT update, 150 validators, 23 signatures", peer: "12.7-26.7 M", target: 2_000_000 },
  "comet.update.4": { job: "the same, 4 validators, 3 signatures", peer: "-", target: 400_000 },
  "comet.update.100": { job: "the same, 100 equal, 67 signatures", peer: "not possible", target: 5_300_000 },
  "ics23.membership": { job: "ICS-23 proof of two levels, 28 operations", peer: "56-108 k", target: 35_000 },
  "ed25519.signature": { job: "one ed25519 signature in a batch of 23", peer: "687 k", target: 78_000 },
  "recv.erc20.single": { job: "receive a returning ERC-20", peer: "553 k, client included", target: 220_000 },
  "recv.batch50": { job: "receive, per packet of 50", peer: "175 k", target: 120_000 },
  "ack.batch50": { job: "acknowledge, per packet of 50", peer: "105 k", target: 75_000 },
  "send.erc20": { job: "send an ERC-20", peer: "165 k", target: 130_000 },
};
