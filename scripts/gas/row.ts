// One line of the gas table.

export type GasHardfork = "osaka" | "amsterdam";

export interface GasRow {
  /** As in test/gas.json and scripts/gas/targets.ts. */
  readonly key: string;
  /** Deterministic: the same sources give the same number. */
  readonly measure: (hardfork: GasHardfork) => Promise<number>;
}
