// The one transaction that turns deployed contracts into a working core: roles, delays and ports, all or nothing.
import { encodeFunctionData, toFunctionSelector } from "viem";
import type { Address, Hex } from "viem";
import { abi as managerAbi } from "../../contracts/evm/bindings/AccessManager.ts";
import { abi as routerAbi } from "../../contracts/evm/bindings/PacketRouter.ts";
import { MESSAGE_PORT } from "#adapters/protocol/message-data.ts";
import { TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";
import { roles } from "./roles.ts";
import type { RoleHolders } from "./roles.ts";

export interface Configuration {
  readonly router: Address;
  readonly transferApp: Address;
  readonly messageApp: Address;
  readonly deployer: Address;
  readonly holders: RoleHolders;
  /** Seconds between scheduling and executing what a delayed role does. */
  readonly delay: number;
}

const bindPort = (router: Address, port: string, app: Address): Hex =>
  encodeFunctionData({
    abi: managerAbi,
    functionName: "execute",
    args: [router, encodeFunctionData({ abi: routerAbi, functionName: "bindPort", args: [port, app] })],
  });

const allow = (target: Address, signatures: readonly string[], role: bigint): Hex =>
  encodeFunctionData({
    abi: managerAbi,
    functionName: "setTargetFunctionRole",
    args: [target, signatures.map(toFunctionSelector), role],
  });

/** Calls of the access manager in order: the deployer's own power ends with the last. */
export function configurationCalls({
  router,
  transferApp,
  messageApp,
  deployer,
  holders,
  delay,
}: Configuration): Hex[] {
  const grant = (role: bigint, holder: Address, executionDelay: number): Hex =>
    encodeFunctionData({ abi: managerAbi, functionName: "grantRole", args: [role, holder, executionDelay] });
  const delayed = [
    { role: roles.CLIENT_ADMIN, holder: holders.clientAdmin },
    { role: roles.PORT_ADMIN, holder: holders.portAdmin },
  ];
  return [
    allow(router, ["pause()"], roles.GUARDIAN),
    allow(router, ["migrateClient(string,address)"], roles.CLIENT_ADMIN),
    allow(router, ["bindPort(string,address)"], roles.PORT_ADMIN),
    allow(transferApp, ["setRateLimit(string,address,uint112)", "removeRateLimit(string,address)"], roles.RATE_LIMITER),
    grant(roles.PORT_ADMIN, deployer, 0),
    bindPort(router, TRANSFER_PORT, transferApp),
    bindPort(router, MESSAGE_PORT, messageApp),
    encodeFunctionData({ abi: managerAbi, functionName: "revokeRole", args: [roles.PORT_ADMIN, deployer] }),
    grant(roles.GUARDIAN, holders.guardian, 0),
    grant(roles.RATE_LIMITER, holders.rateLimiter, 0),
    ...delayed.flatMap(({ role, holder }) => [
      grant(role, holder, delay),
      encodeFunctionData({ abi: managerAbi, functionName: "setRoleGuardian", args: [role, roles.GUARDIAN] }),
      encodeFunctionData({ abi: managerAbi, functionName: "setGrantDelay", args: [role, delay] }),
    ]),
    ...Object.entries(roles)
      .filter(([, role]) => role !== roles.ADMIN)
      .map(([label, role]) => encodeFunctionData({ abi: managerAbi, functionName: "labelRole", args: [role, label] })),
    encodeFunctionData({ abi: managerAbi, functionName: "setGrantDelay", args: [roles.ADMIN, delay] }),
    ...adminCalls(holders.admin, deployer, delay),
  ];
}

function adminCalls(admin: Address, deployer: Address, delay: number): Hex[] {
  const grant = encodeFunctionData({ abi: managerAbi, functionName: "grantRole", args: [roles.ADMIN, admin, delay] });
  if (admin.toLowerCase() === deployer.toLowerCase()) return [grant];
  return [grant, encodeFunctionData({ abi: managerAbi, functionName: "renounceRole", args: [roles.ADMIN, deployer] })];
}
