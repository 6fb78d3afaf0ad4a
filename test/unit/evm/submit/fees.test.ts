import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evmConfig } from "#adapters/evm/config.ts";
import { feeCaps, replacementFees } from "#adapters/evm/submit/fees.ts";

const address = `0x${"ab".repeat(20)}`;
const configured = (fees: object) =>
  evmConfig.parse({
    family: "evm",
    chainId: "eip155:1",
    endpoints: [{ name: "node", url: "http://localhost" }],
    consensus: { kind: "beacon", endpoints: [{ name: "beacon", url: "http://localhost" }] },
    router: address,
    fees,
  });

describe("fees", () => {
  test("caps are gwei, and a tip never exceeds the total", () => {
    expect(feeCaps(configured({ maxFeePerGasGwei: 1.5, maxPriorityFeePerGasGwei: 2 }))).toEqual({
      maxFeePerGas: 1_500_000_000n,
      maxPriorityFeePerGas: 1_500_000_000n,
    });
  });

  test("a replacement is at least an eighth dearer in both fields and within the cap, or there is none", () => {
    const config = configured({ maxFeePerGasGwei: 100 });
    const wei = fc.bigInt(1n, 100_000_000_000n);
    fc.assert(
      fc.property(wei, wei, wei, wei, (oldMax, oldTip, marketMax, marketTip) => {
        const old = { maxFeePerGas: oldMax > oldTip ? oldMax : oldTip, maxPriorityFeePerGas: oldTip };
        const market = { maxFeePerGas: marketMax, maxPriorityFeePerGas: marketTip };
        const fees = replacementFees(config, old, market);
        if (fees === undefined) return;
        expect(fees.maxFeePerGas * 8n).toBeGreaterThanOrEqual(old.maxFeePerGas * 9n);
        expect(fees.maxPriorityFeePerGas * 8n).toBeGreaterThanOrEqual(old.maxPriorityFeePerGas * 9n);
        expect(fees.maxFeePerGas).toBeLessThanOrEqual(100_000_000_000n);
        expect(fees.maxPriorityFeePerGas).toBeLessThanOrEqual(fees.maxFeePerGas);
      }),
    );
  });

  test("nothing is replaced beyond the cap", () => {
    const config = configured({ maxFeePerGasGwei: 100 });
    const old = { maxFeePerGas: 90_000_000_000n, maxPriorityFeePerGas: 1n };
    expect(replacementFees(config, old, old)).toBeUndefined();
  });
});
