// The command line without chains: help everywhere, one clear error each, exit codes, and JSON when asked for.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProgram } from "#relayer/cli.ts";
import { errorCodes } from "#adapters/protocol/error-codes.ts";
import { causeway } from "./in-process.ts";

function commandLines(command: Command, path: readonly string[] = []): string[][] {
  return [[...path], ...command.commands.flatMap((child) => commandLines(child, [...path, child.name()]))];
}

const program = await createProgram(
  { output: process.stdout, errors: process.stderr, signal: new AbortController().signal, exitCode: 0 },
  [],
);

describe("help", () => {
  it.each(commandLines(program).map((path) => ({ path, name: path.join(" ") || "causeway" })))(
    "of $name has examples that begin as it is called",
    async ({ path }) => {
      const { code, output, errors } = await causeway(...path, "--help");
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
      const [, examples = ""] = output.split("Examples:");
      expect(examples).toContain(["causeway", ...path].join(" "));
      if (path.length > 0) expect(output).toContain("--json");
    },
  );

  it("lists every command when none is named", async () => {
    const { code, output } = await causeway("--help");
    expect(code).toBe(0);
    for (const command of program.commands) expect(output).toMatch(new RegExp(`^  ${command.name()} `, "m"));
  });

  it("is of the command called, though an option before it is named like another", async () => {
    const { code, output } = await causeway("--config", "status", "lane", "pause", "--help");
    expect(code).toBe(0);
    expect(output).toContain("Usage: causeway lane pause");
  });

  it("is shown for a group of commands without a command, which is a mistake", async () => {
    const { code, errors } = await causeway("client");
    expect(code).toBe(2);
    expect(errors).toContain("Usage: causeway client");
  });
});

describe("calling it wrongly", () => {
  const from = ["--from", "eip155:1/beacon-0"];
  const to = ["--to", "0x5FbDB2315678afecb367f032d93F642f64180aa3"];
  it.each<[string, string[], string]>([
    ["an unknown command", ["dance"], "unknown command 'dance'"],
    ["an unknown option", ["status", "--loud"], "unknown option '--loud'"],
    ["a missing option", ["transfer", ...from], "required option '--to"],
    ["a missing argument", ["audit", "export"], "missing required argument 'packet'"],
    ["too many arguments", ["relay", "fast"], "too many arguments"],
    ["a bad packet name", ["audit", "export", "7"], '"7" does not name a packet'],
    ["a packet name with a leading zero", ["status", "eip155:1/beacon-0/07"], "does not name a packet"],
    ["a bad light client name", ["client", "update", "beacon-0"], '"beacon-0" does not name a light client'],
    ["no reason to resume", ["client", "resume", "eip155:1/beacon-0"], "required option '--because"],
    ["an empty reason to resume", ["client", "resume", "eip155:1/beacon-0", "--because", " "], "expected a reason"],
    [
      "a bad trusting period",
      ["client", "migrate", "eip155:1/beacon-0", "--trusting-period", "soon"],
      '"soon" is not a duration',
    ],
    ["no reason to pause", ["lane", "pause", "eip155:1/beacon-0"], "required option '--because"],
    ["two lines of reason", ["lane", "pause", "eip155:1/beacon-0", "--because", "a\nb"], "in one line"],
    ["a bad lane name", ["lane", "clear", "beacon-0"], "does not name a light client"],
    ["a bad packet to retry", ["retry", "eip155:1/beacon-0"], "does not name a packet"],
    ["an API without a token", ["retry", "eip155:1/beacon-0/1", "--api", "http://127.0.0.1:1"], "given together"],
    [
      "an address that is none",
      ["lane", "resume", "eip155:1/beacon-0", "--api", "here", "--token-from", "PATH"],
      '"here" is no HTTP URL',
    ],
    ["no message", ["send", ...from, ...to], "there is no message to send"],
    ["an odd number of digits", ["send", ...from, ...to, "--hex", "abc"], "there is no message to send"],
    ["two messages", ["send", ...from, ...to, "--hex", "ab", "--text", "x"], "cannot be used with option"],
    ["a bad amount", ["transfer", ...from, ...to, "--denom", "x", "--amount", "1.5"], "not a positive whole number"],
    ["a zero amount", ["transfer", ...from, ...to, "--denom", "x", "--amount", "0"], "not a positive whole number"],
    ["a bad timeout", ["send", ...from, ...to, "--text", "x", "--timeout", "1 hour"], '"1 hour" is not a duration'],
    [
      "too long a timeout",
      ["send", ...from, ...to, "--text", "x", "--timeout", "25h"],
      "longer than the protocol allows",
    ],
    ["one chain twice", ["client", "create", "eip155:1", "eip155:1"], "a route leads to another chain"],
    ["a file that is not there", ["audit", "verify", "/nowhere/bundle.json"], "/nowhere/bundle.json cannot be read"],
  ])("%s", async (_, argv, problem) => {
    const plain = await causeway(...argv);
    expect(plain).toMatchObject({ code: 2, output: "" });
    expect(plain.errors).toContain("error INVALID_ARGUMENT");
    expect(plain.errors).toContain(problem);
    expect(plain.errors).toContain("→");

    const { code, errors } = await causeway(...argv, "--json");
    expect(code).toBe(2);
    const { error } = JSON.parse(errors) as { error: { code: keyof typeof errorCodes; message: string; hint: string } };
    expect(error.code).toBe("INVALID_ARGUMENT");
    expect(error.message).toContain(problem);
    expect(error.hint).not.toBe("");
  });
});

describe("a configuration", () => {
  let directory: string;
  const file = (name: string): string => join(directory, name);
  const chain = (id: number): string => `
  - family: evm
    chainId: eip155:${id}
    endpoints: [{ name: node, url: "http://127.0.0.1:1" }]
    consensus: { kind: beacon, endpoints: [{ name: node, url: "http://127.0.0.1:1" }] }
    router: "0x5FbDB2315678afecb367f032d93F642f64180aa3"`;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "causeway-cli-"));
    await writeFile(file("good.yaml"), `chains:${chain(1)}${chain(2)}\n`);
    await writeFile(
      file("bad.yaml"),
      `colour: red\nchains:${chain(1)}\n    routr: x\nroutes:\n  - - { chain: "eip155:1", client: "x" }\n    - { chain: "eip155:9", client: "beacon-0" }\n`,
    );
    await writeFile(file("broken.yaml"), "chains: [\n");
  });
  afterAll(() => rm(directory, { recursive: true }));

  it("that is good is summed up, and may have no routes yet", async () => {
    const { code, output } = await causeway("config", "check", "--config", file("good.yaml"), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      chains: ["eip155:1", "eip155:2"],
      routes: [],
      database: expect.any(String),
    });
  });

  it("without routes is nothing to relay", async () => {
    const { code, errors } = await causeway("relay", "--config", file("good.yaml"));
    expect(code).toBe(2);
    expect(errors).toContain("names no routes");
    expect(errors).toContain("causeway client create");
  });

  it("that is bad has all its problems named at once", async () => {
    const { code, errors } = await causeway("config", "check", "--config", file("bad.yaml"));
    expect(code).toBe(2);
    expect(errors).toContain("error INVALID_CONFIG");
    for (const problem of ["colour", "routr", "not a client id"]) expect(errors).toContain(problem);
  });

  it.each(["missing.yaml", "broken.yaml"])("%s is one clear error for every command that needs it", async (name) => {
    const end = "eip155:1/beacon-0";
    for (const argv of [
      ["relay"],
      ["status"],
      ["config", "check"],
      ["client", "status"],
      ["client", "update", end],
      ["client", "create", "eip155:1", "eip155:2"],
      ["audit", "export", `${end}/1`],
      ["audit", "check"],
      ["lane", "pause", end, "--because", "x"],
      ["lane", "resume", end],
      ["lane", "clear", end],
      ["retry", `${end}/1`],
      ["send", "--from", end, "--to", "x", "--text", "y"],
      ["transfer", "--from", end, "--to", "x", "--denom", "y", "--amount", "1"],
    ]) {
      const { code, output, errors } = await causeway(...argv, "--config", file(name));
      expect({ argv, code, output }).toEqual({ argv, code: 2, output: "" });
      expect(errors).toContain("error INVALID_CONFIG");
      expect(errors).toContain(name);
    }
  });
});
