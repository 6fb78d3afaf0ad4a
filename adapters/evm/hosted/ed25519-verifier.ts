// The contract that verifies signatures for this chain's light clients of CometBFT chains.
import { ed25519 } from "@noble/curves/ed25519.js";
import { encodeFunctionData, numberToHex } from "viem/utils";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { abi } from "../../../contracts/evm/bindings/IEd25519Verifier.ts";
import type { ChainContext } from "../context.ts";
import { packEd25519Batch } from "../pack/ed25519-batch.ts";
import { toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import { callContract } from "../rpc/read-contract.ts";
import type { RpcEndpoint } from "../rpc/rpc-endpoint.ts";
import { sendCall } from "../submit/send-call.ts";
import type { Sender } from "../submit/sender.ts";

/**
 * The configured one, which a chain with a precompile chooses for itself; a new one, where none is. Throws CONTRACT_MISSING, and INVALID_CONFIG for
 * a contract that does not tell a signature from a forged one.
 */
export async function ed25519Verifier(context: ChainContext, from: Sender): Promise<Hex> {
  const { config, dependencies, execution } = context;
  const configured = config.ed25519Verifier;
  if (configured !== undefined) {
    await execution.use((endpoint) => requireVerifier(endpoint, configured));
    return configured;
  }
  const { bytecode } = await import("../../../contracts/evm/bindings/Ed25519Verifier.ts");
  const { contractAddress } = await sendCall(context, from, { what: "deploy ed25519 verifier", data: bytecode });
  if (contractAddress === undefined || contractAddress === null)
    throw new CausewayError("TRANSACTION_REVERTED", "the ed25519 verifier was not created");
  dependencies.logger.warn(
    { chainId: config.chainId, ed25519Verifier: contractAddress },
    "deployed an ed25519 verifier: set `ed25519Verifier` of the chain to it, and the next light client shares it",
  );
  return contractAddress;
}

/** A key of this file's own, which nothing else uses. */
const SECRET = new Uint8Array(32).fill(0xed);
const [YES, NO] = [numberToHex(1, { size: 32 }), numberToHex(0, { size: 32 })];
const MESSAGES = ["one message", "another message"].map((text) => new TextEncoder().encode(text));

/** Every light client rests on it: what was put there by mistake must not be found out by forged headers. */
async function requireVerifier(endpoint: RpcEndpoint, address: Hex): Promise<void> {
  const [signed = new Uint8Array()] = MESSAGES;
  const [key, signature] = [ed25519.getPublicKey(SECRET), ed25519.sign(signed, SECRET)];
  const answers = await Promise.all(
    MESSAGES.map((message) => verify(endpoint, address, packEd25519Batch([{ key, signature, message }]))),
  );
  if (answers[0] === YES && answers[1] === NO) return;
  throw new CausewayError("INVALID_CONFIG", `the contract at ${address} does not verify ed25519 signatures`, {
    hint: "set `ed25519Verifier` to the Ed25519Verifier of the chain's deployment record, or leave it out",
    context: { address },
  });
}

/** Undefined when the contract refuses the call. */
async function verify(endpoint: RpcEndpoint, address: Hex, batch: Uint8Array): Promise<Hex | undefined> {
  const data = encodeFunctionData({ abi, functionName: "verify", args: [toHex(batch)] });
  try {
    return await callContract(endpoint, { to: address, data, functionName: "verify" });
  } catch (error) {
    if (isCausewayError(error) && error.code === "TRANSACTION_REVERTED") return undefined;
    throw error;
  }
}
