// What the CometBFT light client costs: updates that skip heights, signed by the strongest who suffice.
import { bytesToHex, encodeDeployData, encodeFunctionData } from "viem/utils";
import type { Hex } from "viem";
import { packCometUpdate } from "#adapters/evm/pack/comet-update.ts";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { GENESIS_SECONDS, makeMembers, makeState, makeUpdate } from "#test/support/comet-evidence.ts";
import { abi, bytecode } from "../../contracts/evm/bindings/CometLightClient.ts";
import { bytecode as verifier } from "../../contracts/evm/bindings/Ed25519Verifier.ts";
import { openGasChain } from "./gas-chain.ts";
import type { GasRow } from "./row.ts";

/** Powers that fall off as on a large public chain: the strongest 23 of 150 have more than two thirds. */
const uneven = Array.from({ length: 150 }, (_, index) =>
  BigInt(Math.round(20_000_000 * 0.953 ** index) + 1_000 + index),
);
const equal = (count: number): bigint[] => Array.from({ length: count }, () => 1_000_000n);

const row = (key: string, powers: readonly bigint[], signatures: number): GasRow => ({
  key,
  measure: async (hardfork) => {
    const members = makeMembers("gas", powers);
    const update = makeUpdate({ height: 120n, members, trustedHeight: 100n, round: 0n });
    const votes = update.signedHeader?.commit?.signatures.filter(({ blockIdFlag }) => blockIdFlag === 2n);
    if (votes?.length !== signatures) throw new Error(`${key}: ${votes?.length} signatures`);
    const chain = await openGasChain(hardfork, GENESIS_SECONDS + 700n);
    const trusted = encodeTrustedState(makeState([{ height: 100n, members }]));
    const args = [bytesToHex(trusted), await chain.deploy(verifier)] as readonly [Hex, Hex];
    const client = await chain.deploy(encodeDeployData({ abi, bytecode, args }));
    const packed = bytesToHex(packCometUpdate(cometUpdate.encode(update)));
    return chain.send(client, encodeFunctionData({ abi, functionName: "update", args: [packed] }));
  },
});

export const rows: readonly GasRow[] = [
  row("comet.update.150", uneven, 23),
  row("comet.update.4", equal(4), 3),
  row("comet.update.100", equal(100), 67),
];
