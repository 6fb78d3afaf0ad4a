// `causeway audit verify` on files: every check is printed, and the exit code says whether all of them hold.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { batchOf, bundleOf, signer, wholeLife } from "#test/unit/sdk/evidence/sample-bundle.ts";
import { causeway } from "./in-process.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "causeway-audit-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, bytes);
  return path;
}

it("refuses a bundle of a family it does not know, and prints which check failed", async () => {
  const receive = batchOf("receive");
  const bytes = bundleOf(wholeLife([receive]), receive.evidence, (bundle) => {
    const { acknowledgements, ...rest } = bundle;
    expect(acknowledgements).toBeDefined();
    return rest;
  });
  const path = await write("unknown.json", bytes);
  const { code, output } = await causeway("audit", "verify", path, "--log-key", signer.verifierKey);
  expect(code).toBe(1);
  expect(output).toContain("ok   checkpoint: signed");
  expect(output).toContain("ok   log key: the key you trust");
  expect(output).toContain('FAIL receive, entry 1: proof: no verifier for the family "simple"');
  expect(output).toContain("NOT PROVEN");
});

it.each(["", "{}", "not json", "[1, 2"])("refuses %j as JSON, with a report and no error", async (text) => {
  const path = await write("odd.json", Buffer.from(text));
  const { code, output, errors } = await causeway("audit", "verify", path, "--json");
  expect({ code, errors }).toEqual({ code: 1, errors: "" });
  expect(JSON.parse(output)).toMatchObject({ ok: false, state: "refused", checks: [{ name: "bundle", ok: false }] });
});
