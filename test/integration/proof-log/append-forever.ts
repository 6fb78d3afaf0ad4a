// A process that appends to the log until it is killed, telling each index once its entry is durable.
import { openDatabase } from "#relayer/database/open.ts";
import { openProofLog } from "#relayer/proof-log/open.ts";
import { intentEntry, quiet, verdictEntry } from "./log-database.ts";

const { url, dataDir } = JSON.parse(process.argv[2] ?? "{}") as { url: string; dataDir: string };
const { pool } = await openDatabase({ url, dataDir, logger: quiet });
const log = await openProofLog(pool, { dataDir, logger: quiet });
const worker = async (name: number): Promise<never> => {
  for (let round = 0n; ; round += 1n) {
    const envelope = Buffer.from(`envelope ${process.pid} ${name} ${round}`);
    const trusted = Buffer.from(`trusted ${process.pid} ${name} ${round}`);
    await log.append(verdictEntry(round, envelope, trusted), [envelope, trusted]);
    const { index } = await log.append(intentEntry(round, envelope));
    process.stdout.write(`${index}\n`);
  }
};
await Promise.all([1, 2, 3, 4].map(worker));
