// Errors put into the contracts, at least one for each symbolic check: with them, Halmos must refute every check.
import type { Replacement } from "#scripts/analysis/source-tree.ts";

const inFile = (file: string, ...changes: readonly (readonly [from: string, to: string])[]): Replacement[] =>
  changes.map(([from, to]) => ({ file: `contracts/evm/${file}`, from, to }));

export const mutations: readonly Replacement[] = [
  ...inFile(
    "apps/encoding/CanonicalTuple.sol",
    ["uintMember(data, index) != cursor", "uintMember(data, index) < cursor"],
    // Wraps, and panics instead of giving the reason.
    ["length > data.length - start", "start + length > data.length"],
    ["used != 0 && _word", "used > 1 && _word"],
  ),
  ...inFile(
    "apps/encoding/HexAddress.sol",
    ["& EACH) * 0x27", "& EACH) * 0x07"],
    ["_gather(highDigits) << 32", "_gather(highDigits) << 36"],
    [" || _digits(lowDigits) != low", ""],
  ),
  ...inFile(
    "apps/transfer/RateLimit.sol",
    ["limit.used = _used(limit);", "limit.used = 0;"],
    ["limit.used = _used(limit) + uint112(amount);", "limit.used = _used(limit) + uint112(amount) / 2;"],
    ["/ 1 days", "/ 12 hours"],
  ),
  ...inFile(
    "libraries/Bls12381.sol",
    // Half of p, one too high; and a borrow forgotten.
    ["f55ffff58a9ffffdcff7fffffffd555", "f55ffff58a9ffffdcff7fffffffd556"],
    ["sub(sub(P_HIGH, yHigh), gt(yLow, P_LOW))", "sub(P_HIGH, yHigh)"],
  ),
  ...inFile(
    "libraries/ExecutionHeader.sol",
    ["and(lt(size, 9), or(iszero(size)", "and(lt(size, 10), or(iszero(size)"],
    ["if eq(count, 3) {", "if eq(count, 4) {"],
  ),
  ...inFile(
    "libraries/Ssz.sol",
    ["calldatacopy(0x00, key, 48)", "calldatacopy(0x00, key, 47)"],
    ["0x0000ffff0000ffff) << 16", "0x0000ffff0000ffff) << 8"],
    ["hashPair(bodyRoot, 0)", "hashPair(0, bodyRoot)"],
    ["branch := add(branch, 0x20)", "branch := add(branch, 0x1f)"],
    ["eq(mload(head), xor(gindex, 1))", "eq(mload(head), add(gindex, 2))"],
  ),
  ...inFile(
    "libraries/StorageProof.sol",
    ["lt(length, 33)", "lt(length, 34)"],
    ["root := calldataload(at)", "root := calldataload(add(at, 1))"],
    ["ok := and(ok, eq(add(p, payload), end))", "ok := and(ok, iszero(gt(add(p, payload), end)))"],
  ),
  ...inFile("light-clients/PackedUpdate.sol", ["sub(255, bit)", "sub(256, bit)"]),
  ...inFile("store/CounterpartyBytes.sol", ["add(add(packed, 0x22), position)", "add(add(packed, 0x21), position)"]),
  ...inFile(
    "store/Identifiers.sol",
    ["digits > 20", "digits > 21"],
    ["port.length > 128", "port.length > 129"],
    ["add(text, mul(EACH, 0x60))", "add(text, mul(EACH, 0x5f))"],
  ),
  ...inFile(
    "store/PacketCommitments.sol",
    ["shl(192, timeoutTimestamp)", "shl(191, timeoutTimestamp)"],
    ["1 + 32 * values.length", "32 * values.length"],
  ),
];
