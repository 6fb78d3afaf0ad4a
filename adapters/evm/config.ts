// Configuration of one EVM chain: where it is read, what finalizes it, and how it is paid for.
import { z } from "zod";
import { endpoints } from "#adapters/rpc/endpoint-config.ts";
import { secretReference } from "#adapters/secret.ts";

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "expected a 20-byte address: 0x and 40 hexadecimal digits")
  .transform((value) => value.toLowerCase() as `0x${string}`);

const gwei = z.number().positive().max(1_000_000);
const seconds = z.number().positive().max(86_400);

const fees = z.strictObject({
  maxFeePerGasGwei: gwei.default(100).describe("highest total price per gas ever offered, in gwei; default 100"),
  maxPriorityFeePerGasGwei: gwei.default(2).describe("highest tip per gas ever offered, in gwei; default 2"),
  gasMultiplier: z
    .number()
    .min(1)
    .max(4)
    .default(1.25)
    .describe("gas limit as a multiple of the node's estimate; default 1.25"),
  stuckAfterSeconds: seconds
    .default(36)
    .describe("a transaction not included for so long is replaced at a higher fee, in seconds; default 36"),
});

export const evmConfig = z.strictObject({
  family: z.literal("evm").describe("chain family"),
  chainId: z
    .string()
    .regex(/^eip155:[1-9][0-9]{0,14}$/, "expected a CAIP-2 id like eip155:1")
    .describe("CAIP-2 id; every endpoint must serve this chain"),
  endpoints: endpoints.describe("execution JSON-RPC endpoints, in order of preference"),
  consensus: z
    .strictObject({
      kind: z.literal("beacon").describe("what finalizes the chain: the Ethereum beacon chain"),
      endpoints: endpoints.describe("beacon API endpoints with light-client routes, in order of preference"),
    })
    .describe("where finality comes from"),
  router: address.describe("address of the packet router"),
  ed25519Verifier: address
    .optional()
    .describe(
      "contract that verifies ed25519 signatures for the light clients of CometBFT chains created here (IEd25519Verifier); without it each of them gets one of its own",
    ),
  apps: z
    .strictObject({
      transfer: address.describe("address of the token transfer application"),
      messages: address.describe("address of the message application"),
    })
    .optional()
    .describe("standard applications, for sending from the command line"),
  signer: secretReference
    .optional()
    .describe("private key (32 bytes, hexadecimal) that pays for transactions; without it the chain is only read"),
  fees: fees.prefault({}).describe("what may be spent on gas"),
  fromHeight: z
    .int()
    .min(0)
    .default(0)
    .describe("first block that can hold packets, usually the router's deployment; default 0"),
  requestTimeoutSeconds: seconds
    .default(10)
    .describe("an endpoint silent for so long has failed, in seconds; default 10"),
  confirmationTimeoutSeconds: seconds
    .default(600)
    .describe("how long one submission follows its transaction before it is tried again, in seconds; default 600"),
  pollMilliseconds: z
    .int()
    .min(50)
    .max(60_000)
    .optional()
    .describe(
      "pause between looks for new finality, in milliseconds, five times as long while a beacon endpoint pushes it; default half a slot",
    ),
  logRange: z
    .int()
    .min(1)
    .max(100_000)
    .default(2_000)
    .describe("most blocks asked for in one eth_getLogs; halved by itself when an endpoint refuses; default 2000"),
});

export type EvmConfig = z.infer<typeof evmConfig>;
