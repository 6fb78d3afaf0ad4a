// `npm run wasm`: compiles the 08-wasm contract, and writes it with the record of what it was made from. The artifact is committed, so
// that nothing but development of the contract needs a compiler; test/unit/wasm holds sources, record, bytes and chains' limits together.
// `-- --verify` compiles it once more, in another folder, and compares with what is committed.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { z } from "zod";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { artifactPath, hashSources, readRecord, recordPath, sha256 } from "./wasm/artifact.ts";
import { buildContract } from "./wasm/build.ts";
import { moduleProblems } from "./wasm/limits.ts";
import { findToolchain } from "./wasm/toolchain.ts";

async function build(): Promise<void> {
  const toolchain = findToolchain();
  console.error(`${toolchain.version} at ${toolchain.rustc}${toolchain.buildsLibrary ? ", building its library" : ""}`);
  const sources = hashSources();
  const bytes = await buildContract(toolchain);
  const problems = moduleProblems(bytes);
  if (problems.length > 0)
    throw new CausewayError("INVALID_ARGUMENT", `chains would not take it: ${problems.join("; ")}`);
  const { version } = z
    .object({ version: z.string() })
    .parse(createRequire(import.meta.url)("binaryen/package.json") as unknown);
  const record = {
    sha256: sha256(bytes),
    sources,
    compiler: toolchain.version,
    optimizer: `binaryen ${version}`,
  };
  writeFileSync(artifactPath, bytes);
  writeFileSync(recordPath, `${JSON.stringify(record, null, 2)}\n`);
  console.log(`${bytes.length} bytes, sha256 ${record.sha256}`);
}

async function verify(): Promise<void> {
  const [toolchain, { compiler, ...committed }] = [findToolchain(), readRecord()];
  if (toolchain.version !== compiler)
    throw new CausewayError("TOOL_MISSING", `the artifact was made by ${compiler}, and here is ${toolchain.version}`, {
      hint: "compare with the compiler that the record names",
    });
  const hash = sha256(await buildContract(toolchain));
  if (hash !== committed.sha256)
    throw new CausewayError("INVALID_ARGUMENT", `compiled again, the contract is ${hash}, not ${committed.sha256}`);
  console.log(`the same bytes: ${hash}`);
}

const [argument] = process.argv.slice(2);
try {
  if (argument === "--verify") await verify();
  else await build();
} catch (error) {
  if (!isCausewayError(error)) throw error;
  console.error(`${error.message}\n→ ${error.hint}`);
  process.exitCode = 1;
}
