// There is no way to run without verification: no switch, and no part of the configuration that may be left out.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { families } from "#adapters/families.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { parseConfig } from "#relayer/config-schema.ts";

type Section = Record<string, unknown>;

interface Example extends Section {
  chains: [Section & { consensus: Section }];
  routes: [[Section]];
}

const example = (): Example =>
  parse(readFileSync(new URL("../../../relayer/relayer.example.yaml", import.meta.url), "utf8")) as Example;

/** The whole message, or undefined when the relayer would start. */
function refusal(value: unknown): string | undefined {
  try {
    parseConfig(value, "relayer.yaml", { families, environment: {} });
    return undefined;
  } catch (error) {
    if (isCausewayError(error) && error.code === "INVALID_CONFIG") return error.message;
    throw error;
  }
}

test("the example starts", () => {
  expect(refusal(example())).toBeUndefined();
});

describe("24, WeCross, Hermes, Wormhole: verification quietly absent", () => {
  test.each(["family", "chainId", "endpoints", "consensus", "router"])("a chain without %s does not start", (key) => {
    const value = example();
    delete (value.chains[0] as Section)[key];
    expect(refusal(value)).toContain(key);
  });

  test.each(["kind", "endpoints"])("nor does one whose consensus lacks %s", (key) => {
    const value = example();
    delete value.chains[0].consensus[key];
    expect(refusal(value)).toContain(`consensus.${key}`);
  });

  test.each(["none", "trusted", "rpc", ""])("nor one whose consensus is %j", (kind) => {
    const value = example();
    value.chains[0].consensus["kind"] = kind;
    expect(refusal(value)).toContain("consensus.kind");
  });

  test("an empty list of endpoints is no list", () => {
    const value = example();
    value.chains[0].consensus["endpoints"] = [];
    expect(refusal(value)).toContain("consensus.endpoints");
  });

  test.each(["client", "chain"])("a route whose end lacks %s does not start", (key) => {
    const value = example();
    delete value.routes[0][0][key];
    expect(refusal(value)).toContain(key);
  });

  test.each(["trusted_node", "trustedNode", "verify", "skipVerification", "unsafe", "mock"])(
    "there is no switch %s",
    (key) => {
      for (const setting of [true, false]) {
        const everywhere = example();
        expect(refusal({ ...everywhere, [key]: setting })).toContain(key);
        (everywhere.chains[0] as Section)[key] = setting;
        expect(refusal(everywhere)).toContain(key);
        const route = example();
        route.routes[0][0][key] = setting;
        expect(refusal(route)).toContain(key);
      }
    },
  );
});
