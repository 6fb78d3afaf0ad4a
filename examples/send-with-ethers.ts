// Greets a contract on another chain, waits for its answer, and verifies the evidence. `npm run demo` prints the environment it needs.
import { readFileSync } from "node:fs";
import { createApi, getEvidence, send, verifyEvidence, waitForResult } from "causeway-sdk";
import { JsonRpcProvider, toUtf8Bytes, toUtf8String, Wallet } from "ethers";

const { RPC_URL, API_URL = "", KEY = "", CLIENT = "", RECEIVER = "", LOG_KEY } = process.env;
const provider = new JsonRpcProvider(RPC_URL);
const deployment = JSON.parse(readFileSync("deployment.json", "utf8"));
const payload = toUtf8Bytes("Hello");

const sent = await send(new Wallet(KEY, provider), { deployment, sourceClient: CLIENT, receiver: RECEIVER, payload });
console.log(`sent ${sent.id} in ${sent.transaction}`);

const api = createApi({ url: API_URL });
const result = await waitForResult(api, { ...sent, signal: AbortSignal.timeout(600_000) });
if (result.status === "success") console.log(`the answer is: ${toUtf8String(result.result ?? new Uint8Array())}`);

const report = verifyEvidence(await getEvidence(api, sent), { sent, logKey: LOG_KEY });
console.log(report.ok ? `verified: ${report.packet} is ${report.state}` : report.checks.filter(({ ok }) => !ok));
process.exitCode = report.ok && report.state === "acknowledged" ? 0 : 1;
provider.destroy();
