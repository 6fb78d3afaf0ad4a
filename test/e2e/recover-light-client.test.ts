// docs/runbooks/recover-light-client.md, followed to the letter: a light client frozen because a committee signed twice, one that
// was let expire, one that could not be frozen, and a guardian who cancels. Packets wait meanwhile, and arrive.
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBeaconEndpoint } from "#adapters/evm/consensus/beacon-api.ts";
import { encodeUpdate } from "#adapters/evm/consensus/canonical-update.ts";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { createPublicClient, http } from "viem";
import { hexToBytes } from "@noble/hashes/utils.js";
import { abi as lightClientAbi } from "../../contracts/evm/bindings/ILightClient.ts";
import { abi as routerAbi } from "../../contracts/evm/bindings/PacketRouter.ts";
import { clientBecomes, legBecomes } from "#test/support/ask-relayer.ts";
import { bring } from "#test/support/forgery.ts";
import type { Way } from "#test/support/forgery.ts";
import { DELAY, openRecoveryWorld } from "#test/support/recovery-world.ts";
import type { Ran, RecoveryWorld } from "#test/support/recovery-world.ts";

/** The commands of a section of the runbook, a line each, for one light client. */
async function runbook(section: string, end: string): Promise<string[][]> {
  const text = await readFile(new URL("../../docs/runbooks/recover-light-client.md", import.meta.url), "utf8");
  const body = text.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
  if (body === undefined) throw new Error(`the runbook has no section "${section}"`);
  const blocks = [...body.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = ""]) => block.trim().split("\n"));
  return blocks.map((line) => {
    const words = line.match(/"[^"]*"|\S+/g) ?? [];
    expect(words[0]).toBe("causeway");
    return words.slice(1).map((word) => word.replaceAll('"', "").replace("eip155:10/beacon-0", end));
  });
}

let world: RecoveryWorld;

interface ClientStatus {
  readonly clients: readonly {
    readonly status: string;
    readonly height: string;
    readonly contradiction: {
      readonly report: string;
      readonly reportError: string | null;
      readonly transaction: string | null;
      readonly stands: boolean;
    } | null;
  }[];
}
interface Migrated {
  readonly status: string;
  readonly calls?: { readonly to: string; readonly schedule: string; readonly execute: string };
  readonly migration: {
    readonly executableAt: string;
    readonly address: string;
    readonly problem: string | null;
    readonly operation: string;
    readonly facts: readonly { readonly name: string; readonly value: string }[];
  } | null;
}

/** The JSON answer of a command, which may have another exit code than 0. */
async function json<T>(...argv: string[]): Promise<T> {
  const { output, errors } = await world.causeway(...argv, "--json");
  expect({ argv, errors }).toEqual({ argv, errors: "" });
  return JSON.parse(output) as T;
}

/** A command that has to succeed. */
async function done(argv: readonly string[]): Promise<Ran> {
  const ran = await world.causeway(...argv);
  expect({ argv, code: ran.code, errors: ran.errors }).toEqual({ argv, code: 0, errors: "" });
  return ran;
}

const clientStatus = async (end: string) => (await json<ClientStatus>("client", "status", end)).clients[0];

async function send(from: string, to: string): Promise<string> {
  const sent = await json<{ packet: string }>("send", `--from=${from}`, `--to=${to}`, "--text=hello", "--timeout=12h");
  return sent.packet;
}

async function legOf(packet: string, leg: string): Promise<string> {
  const { code, output } = await world.causeway("status", packet, "--json");
  if (code !== 0) return "unknown";
  const { deliveries } = JSON.parse(output) as { deliveries: { leg: string; status: string }[] };
  return deliveries.find((delivery) => delivery.leg === leg)?.status ?? "none";
}

const becomes = (packet: string, leg: "receive" | "acknowledge", status: string) =>
  legBecomes(world.api, packet, leg, status);

async function arrives(packet: string): Promise<void> {
  await becomes(packet, "receive", "delivered");
  expect(await legOf(packet, "receive")).toBe("delivered");
}

async function openRoute(trustingPeriod: string): Promise<readonly [string, string]> {
  const [a, b] = world.chains;
  await world.configure([]);
  const { route } = await json<{ route: [{ client: string }, { client: string }] }>(
    "client",
    "create",
    a.id,
    b.id,
    `--trusting-period=${trustingPeriod}`,
  );
  await world.configure([route]);
  return [`${a.id}/${route[0].client}`, `${b.id}/${route[1].client}`];
}

/** Somebody has the committee's signatures for two headers, and brings the false one first. */
async function equivocate(end: string, way: Way): Promise<void> {
  const [a, b] = world.chains;
  const clientId = end.slice(end.indexOf("/") + 1);
  const reader = createPublicClient({ transport: http(b.dev.rpcUrl) });
  const client = { address: b.router, abi: routerAbi, functionName: "getClient", args: [clientId] } as const;
  const { lightClient } = await reader.readContract(client);
  const encoded = await reader.readContract({ address: lightClient, abi: lightClientAbi, functionName: "clientState" });
  const trusted = hexToBytes(encoded.slice(2));
  const state = decodeTrustedState(trusted);
  if (state === undefined) throw new Error("the light client's state does not decode");
  // Its honest counterpart stays final for as long as anybody takes to look at it.
  a.dev.control.setMining(false);
  const { executionHeader } = await a.dev.control.equivocate();
  const otherSide = createBeaconEndpoint({
    name: "other side",
    url: `${a.dev.beaconUrl}/dev/equivocation`,
    timeoutSeconds: 10,
  });
  const { pubkeys, aggregatePubkey } = a.dev.control.chain.committee(0);
  const update = encodeUpdate({
    state,
    update: await otherSide.finalityUpdate(),
    committee: { pubkeys: [...pubkeys], aggregatePubkey },
    executionHeader: hexToBytes(executionHeader.slice(2)),
  });
  await bring({ rpcUrl: b.dev.rpcUrl, router: b.router, clientId, trusted, update, way });
}

describe("a light client that saw its committee sign twice", () => {
  let onA: string;
  let onB: string;
  let waiting: string[];

  beforeAll(async () => {
    world = await openRecoveryWorld(51_337);
    [onA, onB] = await openRoute("1d");
    await world.startRelayer();
  });
  afterAll(() => world.close());

  it("is frozen by the relayer, which says so and delivers nothing any more", async () => {
    const [, b] = world.chains;
    await arrives(await send(onA, b.greeter));
    await equivocate(onB, "router");
    const frozen = {
      status: "frozen",
      contradiction: { report: "frozen", transaction: expect.stringMatching(/^0x/) },
    };
    await clientBecomes(world.api, onB, frozen);
    expect(await clientStatus(onB)).toMatchObject(frozen);
    world.chains[0].dev.control.setMining(true);
    waiting = [await send(onA, b.greeter), await send(onA, b.greeter)];
    const [status, overview] = await runbook("See what is wrong", onB);
    const shown = await world.causeway(...(status ?? []));
    expect(shown.code).toBe(1);
    expect(shown.output).toMatch(/: frozen at height .*\n {2}ALARM CLIENT_CONTRADICTED.*frozen by our report in 0x/);
    expect((await done(overview ?? [])).output).toContain(`causeway client resume ${onB}`);
    await becomes(waiting[1] ?? "", "receive", "watched");
    const log = await json<{ problems: string[] }>("audit", "check");
    expect(log.problems).toEqual([]);
  });

  it("is not let go on before it is replaced", async () => {
    const [resume] = await runbook("Let the lane go on", onB);
    const { code, errors } = await world.causeway(...(resume ?? []));
    expect({ code, errors }).toEqual({ code: 1, errors: expect.stringContaining("CLIENT_FROZEN") });
  });

  it("is not replaced by somebody who is no client admin", async () => {
    for (const config of ["nobody.yaml", "guardian.yaml", "relayer.yaml"]) {
      const { code, errors } = await world.causeway("client", "migrate", onB, "--config", config);
      expect({ code, errors }).toEqual({ code: 1, errors: expect.stringContaining("NOT_AUTHORIZED") });
    }
    // Who is none can prepare it for one that is a contract: that gives no power.
    const prepare = (await runbook("Replace it", onB)).at(-1) ?? [];
    const { status, calls } = await json<Migrated>(...prepare);
    expect({ status, calls }).toMatchObject({ status: "prepared", calls: { schedule: expect.stringMatching(/^0x/) } });
    expect((await done(prepare)).output).toContain("nothing is scheduled yet");
    expect(await json("client", "scheduled", onB)).toEqual({ scheduled: [] });
  });

  it("is not given a light client that would not live through the delay", async () => {
    const short = ["client", "migrate", onB, `--trusting-period=${DELAY}s`, "--config", "admin.yaml"];
    const { code, errors } = await world.causeway(...short);
    expect({ code, errors }).toEqual({ code: 2, errors: expect.stringContaining("before the delay") });
  });

  it("keeps what it has when a guardian cancels", async () => {
    const [schedule] = await runbook("Replace it", onB);
    await done(schedule ?? []);
    for (const command of await runbook("A guardian cancels", onB)) await done(command);
    expect(await json("client", "scheduled", onB)).toEqual({ scheduled: [] });
    const again = await world.causeway("client", "migrate", onB, "--cancel", "--config", "guardian.yaml");
    expect({ code: again.code, errors: again.errors }).toEqual({
      code: 2,
      errors: expect.stringContaining("nothing is scheduled"),
    });
  });

  it("is replaced after the delay, not before, and its packets arrive", async () => {
    const [schedule, look, execute] = await runbook("Replace it", onB);
    const first = await json<Migrated>(...(schedule ?? []));
    expect(first).toMatchObject({ status: "scheduled", migration: { problem: null } });
    const facts = new Map(first.migration?.facts.map(({ name, value }) => [name, value]));
    expect(facts.get("chain")).toBe(world.chains[0].id);
    expect(facts.get("router")?.toLowerCase()).toBe(world.chains[0].router.toLowerCase());
    const reader = createPublicClient({ transport: http(world.chains[0].dev.rpcUrl) });
    const block = await reader.getBlock({ blockNumber: BigInt(facts.get("height") ?? 0) });
    expect(facts.get("block")).toBe(block.hash);
    // Scheduled once, however often it is run; and seen by everybody.
    expect((await json<Migrated>(...(schedule ?? []))).migration?.address).toBe(first.migration?.address);
    expect((await done(look ?? [])).output).toContain(first.migration?.operation);
    expect((await clientStatus(onB))?.status).toBe("frozen");

    await world.pass(DELAY);
    const executed = await json<Migrated>(...(execute ?? []));
    expect(executed).toMatchObject({ status: "migrated", migration: { address: first.migration?.address } });
    expect(await json("client", "scheduled", onB)).toEqual({ scheduled: [] });
    // Once more changes nothing.
    expect(await json<Migrated>(...(execute ?? []))).toMatchObject({ status: "unchanged", migration: null });

    // Replaced, and still stopped until an operator says so.
    expect(await clientStatus(onB)).toMatchObject({ status: "active" });
    expect(await legOf(waiting[0] ?? "", "receive")).not.toBe("delivered");
    const [resume, status] = await runbook("Let the lane go on", onB);
    await done(resume ?? []);
    expect((await done(status ?? [])).output).toContain(": active");
    for (const packet of waiting) await arrives(packet);
  });
});

describe("light clients that nobody updated in time", () => {
  let onA: string;
  let onB: string;

  beforeAll(async () => {
    world = await openRecoveryWorld(51_437);
    [onA, onB] = await openRoute("15m");
  });
  afterAll(() => world.close());

  it("are replaced after the delay, and the packet that waited arrives", async () => {
    const [, b] = world.chains;
    const packet = await send(onA, b.greeter);
    await world.pass(16 * 60);
    await world.startRelayer();
    for (const end of [onA, onB]) expect((await clientStatus(end))?.status).toBe("expired");
    // Both expired, one after the other: the same commands for each.
    for (const end of [onA, onB]) {
      const [schedule] = await runbook("Replace it", end);
      expect(await json<Migrated>(...(schedule ?? []))).toMatchObject({ status: "scheduled" });
    }
    await world.pass(DELAY);
    for (const end of [onA, onB]) {
      const [, , execute] = await runbook("Replace it", end);
      expect(await json<Migrated>(...(execute ?? []))).toMatchObject({ status: "migrated" });
      const [resume, status] = await runbook("Let the lane go on", end);
      expect((await done(resume ?? [])).output).toContain("was not stopped");
      expect((await done(status ?? [])).output).toContain(": active");
    }
    await arrives(packet);
    await becomes(packet, "acknowledge", "delivered");
  });

  it("are replaced while they are active only when that is said: here, because one could not be frozen", async () => {
    const [a, b] = world.chains;
    const [plain] = await runbook("Replace it", onB);
    expect(await json<Migrated>(...(plain ?? []))).toMatchObject({ status: "unchanged" });

    // Nobody can see in this transaction what the committee signed.
    await equivocate(onB, "own contract");
    const unreported = {
      contradiction: {
        report: "wanted",
        reportError: expect.stringContaining("cannot be recovered from its calldata"),
      },
    };
    await clientBecomes(world.api, onB, unreported);
    expect(await clientStatus(onB)).toMatchObject(unreported);
    a.dev.control.setMining(true);
    const packet = await send(onA, b.greeter);
    const [falseAlarm] = await runbook("False alarm", onB);
    const refused = await world.causeway(...(falseAlarm ?? []));
    expect({ code: refused.code, errors: refused.errors }).toEqual({
      code: 1,
      errors: expect.stringContaining("CLIENT_CONTRADICTED"),
    });
    expect(await json<Migrated>(...(plain ?? []))).toMatchObject({ status: "unchanged" });

    const [active] = await runbook("Replace it while it is active", onB);
    expect(await json<Migrated>(...(active ?? []))).toMatchObject({
      status: "scheduled",
      migration: { problem: null },
    });
    await world.pass(DELAY);
    expect(await json<Migrated>(...(active ?? []))).toMatchObject({ status: "migrated" });
    expect(await legOf(packet, "receive")).not.toBe("delivered");
    const [resume] = await runbook("Let the lane go on", onB);
    await done(resume ?? []);
    await arrives(packet);
  });
});
