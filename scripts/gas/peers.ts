// What others' libraries need for the proof of `mpt.7.exec` and for signatures, measured in this run: their sources under our
// compiler and settings, or without the intermediate representation where that is better for them; or what they compiled themselves.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import solc from "solc";
import type { Hex } from "viem";
import { bytesToHex, decodeFunctionResult, encodeFunctionData, parseAbi, toRlp } from "viem/utils";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import config from "../../hardhat.config.ts";
import { sevenNodes } from "./beacon.ts";
import { executionOfOne, SIGNATURES, signaturesOf } from "./ed25519.ts";
import { openGasChain } from "./gas-chain.ts";
import { peerSources } from "./peer-sources.ts";

export interface Peer {
  readonly name: string;
  /** Execution only, under Osaka rules; the reason when it could not be measured. */
  readonly gas: number | string;
  /** As others published or measured it elsewhere. */
  readonly published: number;
}

const peers = [
  {
    name: "OpenZeppelin TrieProof",
    source: "@openzeppelin/contracts",
    file: "utils/cryptography/TrieProof.sol",
    call: "TrieProof.traverse(root, key, proof)",
    published: 209_187,
  },
  {
    name: "Optimism MerkleTrie",
    source: "@eth-optimism/contracts-bedrock",
    file: "src/libraries/trie/MerkleTrie.sol",
    call: "MerkleTrie.get(key, proof, root)",
    published: 181_844,
  },
] as const;

const abi = parseAbi(["function verify(bytes32 root, bytes key, bytes value, bytes[] proof) view"]);

const harness = (path: string, call: string): string => `
  pragma solidity ^0.8.28;
  import "${path}";
  contract Harness {
    function verify(bytes32 root, bytes memory key, bytes memory value, bytes[] memory proof) external pure {
      require(keccak256(${call}) == keccak256(value));
    }
  }`;

const compiled = z.object({
  contracts: z.object({
    "Harness.sol": z.object({ Harness: z.object({ evm: z.object({ bytecode: z.object({ object: z.string() }) }) }) }),
  }),
});

async function compile({ source, file, call }: (typeof peers)[number], viaIR: boolean): Promise<`0x${string}`> {
  const folder = await peerSources[source]();
  const { settings } = z.object({ settings: z.record(z.string(), z.unknown()) }).parse(config.solidity);
  const input = {
    language: "Solidity",
    sources: { "Harness.sol": { content: harness(`${source}/${file}`, call) } },
    settings: { ...settings, viaIR, outputSelection: { "Harness.sol": { Harness: ["evm.bytecode.object"] } } },
  };
  const read = (path: string): { contents: string } => ({
    // One of Optimism's files asks for its own compiler, 0.8.15; the others take any.
    contents: readFileSync(join(folder, path.slice(source.length)), "utf8").replace(
      "solidity 0.8.15;",
      "solidity ^0.8.15;",
    ),
  });
  const output: unknown = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
  const result = compiled.safeParse(output);
  if (!result.success)
    throw new CausewayError("INVALID_ARGUMENT", `${source} does not compile: ${JSON.stringify(output).slice(0, 500)}`);
  return `0x${result.data.contracts["Harness.sol"].Harness.evm.bytecode.object}`;
}

async function measure(peer: (typeof peers)[number]): Promise<number> {
  const { root, key, value, nodes } = sevenNodes;
  const chain = await openGasChain("osaka", 1n);
  const args = [
    bytesToHex(root),
    bytesToHex(key),
    toRlp(bytesToHex(value)),
    nodes.map((node) => bytesToHex(node)),
  ] as const;
  const data = encodeFunctionData({ abi, functionName: "verify", args });
  const run = async (viaIR: boolean): Promise<number> =>
    chain.execute(await chain.deploy(await compile(peer, viaIR)), data);
  return Math.min(await run(true), await run(false));
}

/** One line, whatever went wrong. */
const why = (error: unknown): string => String(error).split("\n", 1)[0] ?? "";

const near = parseAbi(["function check(bytes32 k, bytes32 r, bytes32 s, bytes32 m1, bytes9 m2) pure returns (bool)"]);

/** The only messages that NEAR's contract takes: what its blocks' producers sign. */
const NEAR_MESSAGE = 41;

/** Needs a source of 2020, for a compiler of that year: as its makers compiled it. */
async function measureNear(): Promise<number> {
  const folder = await peerSources["rainbow-bridge-sol"]();
  const code = readFileSync(join(folder, "nearbridge/dist/Ed25519.full.bin"), "utf8").trim();
  const chain = await openGasChain("osaka", 1n);
  const verifier = await chain.deploy(`0x${code}`);
  let total = 0;
  for (const { key, signature, message } of signaturesOf(NEAR_MESSAGE)) {
    const parts = [key, signature.slice(0, 32), signature.slice(32), message.slice(0, 32), message.slice(32)];
    const args = parts.map((part) => bytesToHex(part)) as [Hex, Hex, Hex, Hex, Hex];
    const data = encodeFunctionData({ abi: near, functionName: "check", args });
    if (!decodeFunctionResult({ abi: near, functionName: "check", data: await chain.read(verifier, data) }))
      throw new CausewayError("INVALID_ARGUMENT", "it takes a signature for wrong");
    total += await chain.execute(verifier, data);
  }
  return Math.ceil(total / SIGNATURES);
}

/** A signature in a batch by ours and by itself by NEAR's contract, over the same messages: execution only. */
export async function measureEd25519Peers(): Promise<{ readonly ours: number; readonly peers: readonly Peer[] }> {
  const ours = await executionOfOne(signaturesOf(NEAR_MESSAGE));
  const gas = await measureNear().catch(why);
  return { ours, peers: [{ name: "NEAR Rainbow Bridge", gas, published: 523_487 }] };
}

/** Reads the network once, for what is not in node_modules. */
export async function measurePeers(): Promise<Peer[]> {
  const measured: Peer[] = [];
  for (const peer of peers) {
    const gas = await measure(peer).catch(why);
    measured.push({ name: peer.name, gas, published: peer.published });
  }
  return measured;
}
