// Where the libraries that others verify tries with come from: npm, and nothing of them is kept here.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CausewayError } from "#adapters/protocol/error.ts";
import { cacheFolder, withLock } from "#scripts/cache.ts";

const run = promisify(execFile);

/** 126 MB of artefacts surround its 1 MB of sources: fetched when it is measured, not with every `npm ci`. */
const OPTIMISM = {
  name: "@eth-optimism/contracts-bedrock",
  version: "0.17.3",
  sha512: "cHPO7ntWeOBDLO7ZFFSZGI1D7CDqf4loRbRVJrFIsqLEz+hysWIqA0e3dv2GnrjVeuYePBfI2NTBEG4uwz9bQQ==",
};

/** Folders that hold a package's content, by its name; the second one is downloaded once into the user's cache. */
export const peerSources = {
  "@openzeppelin/contracts": async (): Promise<string> =>
    dirname(fileURLToPath(import.meta.resolve("@openzeppelin/contracts/package.json"))),
  "@eth-optimism/contracts-bedrock": fetchOptimism,
};

async function fetchOptimism(): Promise<string> {
  const folder = join(cacheFolder(), "peers", `contracts-bedrock-${OPTIMISM.version}`);
  const content = join(folder, "package");
  await mkdir(dirname(folder), { recursive: true });
  await withLock(`${folder}.lock`, console.error, async () => {
    // The licence is unpacked last.
    if (
      await access(join(content, "LICENSE")).then(
        () => true,
        () => false,
      )
    )
      return;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await run("npm", ["pack", `${OPTIMISM.name}@${OPTIMISM.version}`, "--pack-destination", folder], { cwd: folder });
    const archive = join(folder, (await readdir(folder)).find((file) => file.endsWith(".tgz")) ?? "");
    const hash = createHash("sha512")
      .update(await readFile(archive))
      .digest("base64");
    if (hash !== OPTIMISM.sha512)
      throw new CausewayError("INVALID_ARGUMENT", `${OPTIMISM.name} has the hash ${hash}, not the one expected`);
    await run("tar", ["-xzf", archive, "-C", folder, "package/src/libraries"]);
    await run("tar", ["-xzf", archive, "-C", folder, "package/LICENSE"]);
    await rm(archive);
  });
  return content;
}
