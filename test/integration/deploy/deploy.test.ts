// The deployment against a real chain: what it sets up, who may do what afterwards, running it again, and its refusals.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPublicClient, http, toFunctionSelector } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abi as managerAbi } from "../../../contracts/evm/bindings/AccessManager.ts";
import { abi as routerAbi } from "../../../contracts/evm/bindings/PacketRouter.ts";
import { deployCore } from "#scripts/deploy/core.ts";
import type { CoreDeployment } from "#scripts/deploy/core.ts";
import { deployExamples } from "#scripts/deploy/examples.ts";
import { roles } from "#scripts/deploy/roles.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import type { DevChain } from "#scripts/devnet/dev-chain.ts";

const DELAY = 172_800;
const [deployerKey, admin, guardian] = devAccounts;
if (deployerKey === undefined || admin === undefined || guardian === undefined) throw new Error("no accounts");
const account = privateKeyToAccount(deployerKey.privateKey);
const folder = mkdtempSync(join(tmpdir(), "causeway-deploy-"));
const recordPath = join(folder, "record.json");

let chain: DevChain;
let core: CoreDeployment;
const reader = () => createPublicClient({ transport: http(chain.rpcUrl) });

beforeAll(async () => {
  chain = await startDevChain({ chainId: 31_400, blockTime: 1, committeeSize: 8 });
  core = await deployCore({
    rpcUrl: chain.rpcUrl,
    account,
    recordPath,
    delay: DELAY,
    holders: { admin: admin.address, guardian: guardian.address },
  });
});

afterAll(async () => {
  await chain.stop();
  rmSync(folder, { recursive: true });
});

const mayCall = (caller: `0x${string}`, signature: string) =>
  reader().readContract({
    address: core.manager,
    abi: managerAbi,
    functionName: "canCall",
    args: [caller, core.router, toFunctionSelector(signature)],
  });

describe("deployCore", () => {
  it("binds both applications to their ports", async () => {
    const app = (port: string) =>
      reader().readContract({ address: core.router, abi: routerAbi, functionName: "getApp", args: [port] });
    expect(await app("transfer")).toBe(core.transferApp);
    expect(await app("gmpport")).toBe(core.messageApp);
    expect(await app("another")).toBe("0x0000000000000000000000000000000000000000");
  });

  it("lets the guardian pause at once, and only the delayed admin un-pause", async () => {
    expect(await mayCall(guardian.address, "pause()")).toEqual([true, 0]);
    expect(await mayCall(guardian.address, "unpause()")).toEqual([false, 0]);
    expect(await mayCall(admin.address, "unpause()")).toEqual([false, DELAY]);
  });

  it("leaves the deployer only what the holders' defaults give it, delayed", async () => {
    expect(await mayCall(account.address, "unpause()")).toEqual([false, 0]);
    expect(await mayCall(account.address, "pause()")).toEqual([false, 0]);
    expect(await mayCall(account.address, "migrateClient(string,address)")).toEqual([false, DELAY]);
    const [isAdmin] = await reader().readContract({
      address: core.manager,
      abi: managerAbi,
      functionName: "hasRole",
      args: [roles.ADMIN, account.address],
    });
    expect(isAdmin).toBe(false);
  });

  it("changes nothing when it runs again, and fills in what is missing", async () => {
    const nonce = () => reader().getTransactionCount({ address: account.address });
    const before = await nonce();
    const again = await deployCore({ rpcUrl: chain.rpcUrl, account, recordPath, delay: DELAY });
    expect(again).toEqual(core);
    expect(await nonce()).toBe(before);
    const examples = await deployExamples({ rpcUrl: chain.rpcUrl, account, recordPath, messageApp: core.messageApp });
    expect(await reader().getCode({ address: examples.greeter })).toMatch(/^0x6/);
    expect(await nonce()).toBe(before + 2);
  });

  it("refuses a record of contracts that are not there", async () => {
    const path = join(folder, "moved.json");
    const text = readFileSync(recordPath, "utf8");
    writeFileSync(path, text.replace(core.router, "0x00000000000000000000000000000000000000aa"));
    await expect(deployCore({ rpcUrl: chain.rpcUrl, account, recordPath: path, delay: 0 })).rejects.toMatchObject({
      code: "CONTRACT_MISSING",
    });
    writeFileSync(path, text.replace(core.router, core.manager));
    await expect(deployCore({ rpcUrl: chain.rpcUrl, account, recordPath: path, delay: 0 })).rejects.toMatchObject({
      code: "CONTRACT_MISSING",
    });
  });

  it("refuses a record of another chain, a broken record, an empty wallet and a dead endpoint", async () => {
    const path = join(folder, "broken.json");
    const run = (options: object) => deployCore({ rpcUrl: chain.rpcUrl, account, delay: 0, ...options });
    writeFileSync(path, '{ "chainId": 1, "contracts": {} }');
    await expect(run({ recordPath: path })).rejects.toMatchObject({ code: "WRONG_CHAIN_ID" });
    writeFileSync(path, '{ "chainId": 31400, "contracts": {}, "extra": 1 }');
    await expect(run({ recordPath: path })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    writeFileSync(path, "{");
    await expect(run({ recordPath: path })).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    await expect(run({ account: privateKeyToAccount(generatePrivateKey()) })).rejects.toMatchObject({
      code: "INSUFFICIENT_FUNDS",
    });
    await expect(run({ rpcUrl: "http://127.0.0.1:1" })).rejects.toMatchObject({ code: "RPC_UNREACHABLE" });
  });
});
