// A process that appends to the log until it is killed, telling each index once its entry is durable.
import pg from "pg";
import { openProofLog } from "#relayer/proof-log/open.ts";
import { intentEntry, quiet, verdictEntry } from "./log-database.ts";

const { url, dataDir } = JSON.parse(process.argv[2] ?? "{}") as { url: string; dataDir: string };
const pool = new pg.Pool({ connectionString: url, types: { getTypeParser: parser } });
pool.on("error", () => undefined);

function parser(id: number, format?: string): (value: string) => unknown {
  return format !== "binary" && (id === 20 || id === 1700)
    ? (value: string) => BigInt(value)
    : (pg.types.getTypeParser(id, "text") as (value: string) => unknown);
}

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
