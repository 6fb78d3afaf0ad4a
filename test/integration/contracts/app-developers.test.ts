// What keeps developers of applications from accidents: a check that cannot be left out, and a light client for tests that
// no chain takes.
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import { createAddressFromString } from "@ethereumjs/util";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { encodeAbiParameters, toFunctionSelector } from "viem/utils";
import { describe, expect, it } from "vitest";
import { compileSolidity } from "#test/support/solidity-compiler.ts";

const receiver = (body: string): string => `
  pragma solidity ^0.8.28;
  import {MessageEnd} from "contracts/evm/apps/base/MessageEnd.sol";
  import {MessageReceiver} from "contracts/evm/apps/base/MessageReceiver.sol";
  import {IMessageApp} from "contracts/evm/interfaces/IMessageApp.sol";
  import {ForeignAccount} from "contracts/evm/types/ForeignAccount.sol";
  contract Inbox is MessageReceiver {
    constructor(IMessageApp app) MessageEnd(app) {}
    ${body}
  }`;

describe("MessageReceiver", () => {
  const handler =
    "function _onMessage(ForeignAccount memory, bytes calldata) internal override returns (bytes memory) {}";

  it("is a receiver with nothing but what a message does", () => {
    expect(compileSolidity(receiver(handler)).errors).toEqual([]);
  });

  it("does not let its checks be overridden", () => {
    const overriding =
      "function onMessage(string calldata, string calldata, bytes calldata) external override returns (bytes memory) {}";
    expect(compileSolidity(receiver(`${handler}\n${overriding}`)).errors).toContainEqual(
      expect.stringContaining("Trying to override non-virtual function"),
    );
  });

  it("does not compile without saying what a message does", () => {
    expect(compileSolidity(receiver("")).errors).toContainEqual(
      expect.stringContaining("should be marked as abstract"),
    );
  });
});

describe("TestOnlyLightClient", () => {
  /** Where Hardhat's Solidity tests and forge have their cheat codes, and chains nothing. */
  const CHEAT_CODES = createAddressFromString("0x7109709ecfa91a80626ff3989d68f67f5b1dd12d");
  const ROUTER = "0x00000000000000000000000000000000000c0de5";

  async function deploy(cheatCodes: boolean) {
    const { bytecode, errors } = compileSolidity(`
      pragma solidity ^0.8.28;
      import {TestOnlyLightClient} from "contracts/evm-testing/TestOnlyLightClient.sol";
      import {IPacketRouter} from "contracts/evm/interfaces/IPacketRouter.sol";
      contract Deployed is TestOnlyLightClient { constructor(IPacketRouter router) TestOnlyLightClient(router) {} }`);
    expect(errors).toEqual([]);
    const data = hexToBytes(
      `${bytecode["Deployed"] ?? ""}${encodeAbiParameters([{ type: "address" }], [ROUTER]).slice(2)}`,
    );
    const evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Prague }) });
    if (cheatCodes) await evm.stateManager.putCode(CHEAT_CODES, Uint8Array.of(0));
    const { execResult } = await evm.runCall({ data, gasLimit: 10_000_000n });
    return { failed: execResult.exceptionError !== undefined, returned: bytesToHex(execResult.returnValue) };
  }

  it("cannot be deployed where there are no cheat codes", async () => {
    const reason = toFunctionSelector("OnlyInTests()").slice(2);
    expect(await deploy(false)).toEqual({ failed: true, returned: reason });
  });

  it("can be where there are", async () => {
    expect(await deploy(true)).toMatchObject({ failed: false });
  });
});
