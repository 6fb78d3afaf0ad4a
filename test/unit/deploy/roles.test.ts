// Role ids, restricted functions and delays: the deployment script against the contracts and against their Solidity test.
import { readFileSync } from "node:fs";
import { decodeFunctionData, getAddress, toFunctionSelector } from "viem";
import type { Address } from "viem";
import { describe, expect, it } from "vitest";
import { abi as managerAbi } from "../../../contracts/evm/bindings/AccessManager.ts";
import { configurationCalls } from "#scripts/deploy/configure.ts";
import { heldBy, roles } from "#scripts/deploy/roles.ts";

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const address = (digit: number): Address => getAddress(`0x${digit.toString(16).padStart(40, "0")}`);
const [router, transferApp, messageApp, deployer] = [1, 2, 3, 4].map(address) as [Address, Address, Address, Address];
const holders = {
  admin: address(0xa0),
  guardian: address(0xa1),
  clientAdmin: address(0xa2),
  portAdmin: address(0xa3),
  rateLimiter: address(0xa4),
};
const DELAY = 172_800;

const decode = (configuration = { router, transferApp, messageApp, deployer, holders, delay: DELAY }) =>
  configurationCalls(configuration).map((data) => decodeFunctionData({ abi: managerAbi, data }));
const argumentsOf = (name: string, calls = decode()) =>
  calls.filter(({ functionName }) => functionName === name).map(({ args }) => args);

/** The functions of a contract that the manager decides about. */
const restricted = (path: string): string[] =>
  [...read(path).matchAll(/function (\w+)\(([^)]*)\) external restricted/g)].map(([, name, parameters = ""]) => {
    const types = parameters
      .split(",")
      .filter(Boolean)
      .map((parameter) => parameter.trim().split(" ")[0]);
    return toFunctionSelector(`${name}(${types.join(",")})`);
  });

describe("roles", () => {
  it("have the ids of contracts/evm/access/Roles.sol", () => {
    const constants = read("contracts/evm/access/Roles.sol").matchAll(/uint64 internal constant (\w+) = (\d+);/g);
    expect(Object.fromEntries([...constants].map(([, name, id = ""]) => [name, BigInt(id)]))).toEqual(roles);
  });

  it("are named for block explorers, but for the one that is the manager's own", () => {
    const { ADMIN, ...named } = roles;
    expect(ADMIN).toBe(0n);
    expect(argumentsOf("labelRole")).toEqual(Object.entries(named).map(([label, id]) => [id, label]));
  });

  it("all belong to one address when nobody else is named", () => {
    expect(new Set(Object.values(heldBy(deployer)))).toEqual(new Set([deployer]));
  });
});

describe("configurationCalls", () => {
  it("gives every restricted function but un-pausing to a role of its own", () => {
    const given = argumentsOf("setTargetFunctionRole").flatMap((args) => {
      const [target, selectors, role] = args as readonly [Address, readonly string[], bigint];
      return selectors.map((selector) => ({ target, selector, role }));
    });
    const to = (target: Address) => given.filter((entry) => entry.target === target).map(({ selector }) => selector);
    const ofRouter = [
      "contracts/evm/PacketRouter.sol",
      "contracts/evm/store/ClientRegistry.sol",
      "contracts/evm/store/PortRegistry.sol",
    ].flatMap(restricted);
    expect([...to(router), toFunctionSelector("unpause()")].toSorted()).toEqual(ofRouter.toSorted());
    expect(to(transferApp).toSorted()).toEqual(restricted("contracts/evm/apps/transfer/TransferApp.sol").toSorted());
    expect(given.find(({ selector }) => selector === toFunctionSelector("pause()"))?.role).toBe(roles.GUARDIAN);
    expect(given.every(({ role }) => role !== roles.ADMIN)).toBe(true);
  });

  // They are created by anybody, at any time: what the manager was told nothing about is its admin's, delayed.
  it("leaves the fork tables of light clients to the admin", () => {
    const source = read("contracts/evm/light-clients/BeaconLightClient.sol");
    expect([...source.matchAll(/function (\w+)\([^)]*\) external restricted/g)].map(([, name]) => name)).toEqual([
      "addFork",
    ]);
    const targets = new Set(argumentsOf("setTargetFunctionRole").map((args) => args?.[0]));
    expect(targets).toEqual(new Set([router, transferApp]));
  });

  it("lets the guardian and the rate limiter act at once, and all others after the delay", () => {
    const granted = argumentsOf("grantRole").filter((args) => args?.[1] !== deployer);
    expect(granted).toEqual([
      [roles.GUARDIAN, holders.guardian, 0],
      [roles.RATE_LIMITER, holders.rateLimiter, 0],
      [roles.CLIENT_ADMIN, holders.clientAdmin, DELAY],
      [roles.PORT_ADMIN, holders.portAdmin, DELAY],
      [roles.ADMIN, holders.admin, DELAY],
    ]);
    const later = [roles.CLIENT_ADMIN, roles.PORT_ADMIN];
    expect(argumentsOf("setRoleGuardian")).toEqual(later.map((role) => [role, roles.GUARDIAN]));
    expect(argumentsOf("setGrantDelay")).toEqual([...later, roles.ADMIN].map((role) => [role, DELAY]));
  });

  it("leaves the deployer with nothing, and gives up its power last", () => {
    const calls = decode();
    expect(argumentsOf("grantRole").filter((args) => args?.[1] === deployer)).toEqual([
      [roles.PORT_ADMIN, deployer, 0],
    ]);
    expect(argumentsOf("revokeRole")).toEqual([[roles.PORT_ADMIN, deployer]]);
    expect(calls.at(-1)).toEqual({ functionName: "renounceRole", args: [roles.ADMIN, deployer] });
  });

  it("delays a deployer that stays the administrator, too", () => {
    const calls = decode({
      router,
      transferApp,
      messageApp,
      deployer,
      holders: { ...holders, admin: deployer },
      delay: DELAY,
    });
    expect(calls.at(-1)).toEqual({ functionName: "grantRole", args: [roles.ADMIN, deployer, DELAY] });
    expect(argumentsOf("renounceRole", calls)).toEqual([]);
  });

  it("is what the Solidity test of the roles sets up", () => {
    const test = read("test/contracts/access/Roles.t.sol");
    const selectorOf = (name: string | undefined): string | undefined =>
      [
        "pause()",
        "migrateClient(string,address)",
        "bindPort(string,address)",
        "setRateLimit(string,address,uint112)",
        "removeRateLimit(string,address)",
      ]
        .filter((signature) => signature.startsWith(`${name}(`))
        .map(toFunctionSelector)[0];
    const inTest = [...test.matchAll(/_allow\(address\(_(\w+)\), \w+\.(\w+)\.selector, Roles\.(\w+)\);/g)].map(
      ([, target, name, role]) => [
        target === "router" ? router : transferApp,
        selectorOf(name),
        roles[role as keyof typeof roles],
      ],
    );
    const inScript = argumentsOf("setTargetFunctionRole").flatMap((args) => {
      const [target, selectors, role] = args as readonly [Address, readonly string[], bigint];
      return selectors.map((selector) => [target, selector, role]);
    });
    expect(inTest).toEqual(inScript);
    const grants = [...test.matchAll(/(?:_manager\.grantRole|_grantDelayed)\(Roles\.(\w+), (\w+)(?:, (\w+))?\);/g)];
    expect(grants.map(([, role, holder, delay]) => [role, holder, delay === "0"])).toEqual(
      (["GUARDIAN", "RATE_LIMITER", "CLIENT_ADMIN", "PORT_ADMIN", "ADMIN"] as const).map((role, index) => [
        role,
        role,
        index < 2,
      ]),
    );
  });
});
