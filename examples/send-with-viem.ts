// Greets a contract on another chain, waits for its answer, and verifies the evidence. `npm run demo` prints the environment it needs.
import { readFileSync } from "node:fs";
import { createApi, getEvidence, send, track, verifyEvidence, waitForResult } from "causeway-sdk";
import { bytesToString, createWalletClient, http, stringToBytes } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const { RPC_URL, API_URL = "", KEY = "", CLIENT = "", RECEIVER = "", LOG_KEY } = process.env;
const wallet = createWalletClient({ account: privateKeyToAccount(KEY as `0x${string}`), transport: http(RPC_URL) });
const deployment = JSON.parse(readFileSync("deployment.json", "utf8"));

const sent = await send(wallet, {
  deployment,
  sourceClient: CLIENT,
  receiver: RECEIVER,
  payload: stringToBytes("Hello"),
});
console.log(`sent ${sent.id} in ${sent.transaction}`);

const api = createApi({ url: API_URL });
for await (const { packet, explanation } of track(api, sent))
  console.log(explanation?.sentence ?? packet?.status ?? "waiting for finality");

const result = await waitForResult(api, sent);
if (result.status === "success") console.log(`the answer is: ${bytesToString(result.result ?? new Uint8Array())}`);

const report = verifyEvidence(await getEvidence(api, sent), { sent, logKey: LOG_KEY });
console.log(report.ok ? `verified: ${report.packet} is ${report.state}` : report.checks.filter(({ ok }) => !ok));
process.exitCode = report.ok && report.state === "acknowledged" ? 0 : 1;
