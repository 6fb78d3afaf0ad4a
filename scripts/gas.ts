// Measures what the contracts cost, prints it beside other people's figures and our targets, and writes test/gas.json;
// with `--check`, compares with that file instead.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { rows as beacon } from "./gas/beacon.ts";
import { rows as comet } from "./gas/comet.ts";
import { rows as ed25519 } from "./gas/ed25519.ts";
import { rows as ics23 } from "./gas/ics23.ts";
import { rows as packets } from "./gas/packets.ts";
import { measureEd25519Peers, measurePeers } from "./gas/peers.ts";
import type { Peer } from "./gas/peers.ts";
import type { GasRow } from "./gas/row.ts";
import { targets } from "./gas/targets.ts";

const snapshotPath = fileURLToPath(new URL("../test/gas.json", import.meta.url));
const figures = z.strictObject({ osaka: z.int().positive(), amsterdam: z.int().positive() });
const snapshotSchema = z.record(z.string(), figures);
type Snapshot = z.infer<typeof snapshotSchema>;

const rows: readonly GasRow[] = [...beacon, ...comet, ...ics23, ...ed25519, ...packets];

async function measureAll(): Promise<Snapshot> {
  const measured: Snapshot = {};
  for (const { key, measure } of rows)
    measured[key] = { osaka: await measure("osaka"), amsterdam: await measure("amsterdam") };
  return measured;
}

function table(measured: Snapshot): string {
  const number = (value: number): string => value.toLocaleString("en");
  const head = ["key", "job", "elsewhere", "target", "osaka", "amsterdam", "of target"];
  const lines = Object.entries(measured).map(([key, { osaka, amsterdam }]) => {
    const target = targets[key];
    const share = target ? `${Math.round((100 * osaka) / target.target)} %` : "-";
    return [
      key,
      target?.job ?? "-",
      target?.peer ?? "-",
      target ? number(target.target) : "-",
      number(osaka),
      number(amsterdam),
      share,
    ];
  });
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The committed file has our own figures only: these take a download, and change with others' versions. */
function peerTable(title: string, peers: readonly Peer[], ours: number): string {
  const lines = peers.map(({ name, gas, published }) =>
    typeof gas === "number"
      ? `  ${name.padEnd(24)}${gas.toLocaleString("en").padStart(9)}  ${(gas / ours).toFixed(1)} times ours`
      : `  ${name.padEnd(24)}${published.toLocaleString("en").padStart(9)}  as last known; not measured: ${gas}`,
  );
  return [`${title}, in this run:`, ...lines].join("\n");
}

/** One sentence for each figure that differs from the committed file. */
function differences(measured: Snapshot): string[] {
  if (!existsSync(snapshotPath)) return ["test/gas.json is missing"];
  const committed = snapshotSchema.parse(JSON.parse(readFileSync(snapshotPath, "utf8")));
  return [...new Set([...Object.keys(measured), ...Object.keys(committed)])].flatMap((key) => {
    const [was, is] = [committed[key], measured[key]];
    if (was?.osaka === is?.osaka && was?.amsterdam === is?.amsterdam) return [];
    const say = (value: typeof was): string => (value ? `${value.osaka} / ${value.amsterdam}` : "nothing");
    return [`${key}: committed ${say(was)}, measured ${say(is)}`];
  });
}

const measured = await measureAll();
process.stdout.write(`${table(measured)}\n`);
if (process.argv.includes("--check")) {
  const different = differences(measured);
  if (different.length > 0) {
    process.stderr.write(`${different.join("\n")}\nIf that is meant: npm run gas, and commit test/gas.json\n`);
    process.exitCode = 1;
  }
} else {
  writeFileSync(snapshotPath, `${JSON.stringify(measured, undefined, 2)}\n`);
  const tries = measured["mpt.7.exec"]?.osaka ?? Number.NaN;
  process.stdout.write(
    `${peerTable("mpt.7.exec elsewhere, the same proof and compiler", await measurePeers(), tries)}\n`,
  );
  const { ours, peers } = await measureEd25519Peers();
  const title = `ed25519 elsewhere, execution for each of the same 23 signatures, ours ${ours.toLocaleString("en")} in a batch`;
  process.stdout.write(`${peerTable(title, peers, ours)}\n`);
}
