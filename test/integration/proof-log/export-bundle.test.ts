// A bundle taken from the database is the one an auditor can judge.
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodePacket } from "#adapters/protocol/packet-codec.ts";
import { exportBundle } from "#relayer/audit/export-bundle.ts";
import { verifyBundle } from "#sdk/evidence/verify-bundle.ts";
import { openProofLog } from "#relayer/proof-log/open.ts";
import type { ProofLog } from "#relayer/proof-log/proof-log.ts";
import { acknowledgements, batchOf, packet, verifierOf } from "#test/unit/sdk/evidence/sample-bundle.ts";
import type { LoggedBatch } from "#test/unit/sdk/evidence/sample-bundle.ts";
import { openLogDatabase, quiet } from "./log-database.ts";
import type { LogDatabase } from "./log-database.ts";

let database: LogDatabase;
let log: ProofLog;
const name = { sourceChain: "test:src", sourceClient: "light-11", sequence: "7" };

beforeAll(async () => {
  database = await openLogDatabase();
  log = await openProofLog(database.pool, { dataDir: database.dataDir, logger: quiet });
});
afterAll(async () => {
  await log.close();
  await database.close();
});

async function carry({ verdict, intent, outcome, evidence }: LoggedBatch): Promise<void> {
  await log.append(verdict, evidence);
  await log.append({ kind: "control", event: "something else" });
  await log.append(intent);
  await log.append(outcome);
}

const state = async (): Promise<string> => {
  const report = verifyBundle(await exportBundle(database.pool, log, name), { verifierOf });
  expect(report.checks.filter((check) => !check.ok)).toEqual([]);
  return report.state;
};

it("follows the packet's life", async () => {
  await expect(exportBundle(database.pool, log, name)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining("is not known to this relayer"),
  });
  await database.pool.query(
    `insert into packets (source_chain, source_client, sequence, destination_chain, destination_client, timeout_timestamp, bytes, acknowledgements)
     values ('test:src', 'light-11', 7, 'test:dst', 'light-22', 1000000, $1, $2)`,
    [Buffer.from(encodePacket(packet)), acknowledgements],
  );
  await expect(exportBundle(database.pool, log, name)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining("nothing is logged"),
  });

  // The acknowledgements are known already, but nothing proves them yet: they stay out.
  const receive = batchOf("receive");
  await log.append(receive.verdict, receive.evidence);
  expect(await state()).toBe("underway");
  await carry(receive);
  expect(await state()).toBe("received");
  await carry(batchOf("acknowledge"));
  expect(await state()).toBe("acknowledged");
});

it("does not hide that the database tells another packet than the log", async () => {
  const other = { ...packet, timeoutTimestamp: 1_000_001n };
  await database.pool.query("update packets set bytes = $1", [Buffer.from(encodePacket(other))]);
  const report = verifyBundle(await exportBundle(database.pool, log, name), { verifierOf });
  expect(report.ok).toBe(false);
  expect(JSON.stringify(report.checks)).toContain("contents are not those the log recorded");
});
