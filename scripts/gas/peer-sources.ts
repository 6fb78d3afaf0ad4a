// Where the libraries that others verify tries and signatures with come from: npm, and nothing of them is kept here.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CausewayError } from "#adapters/protocol/error.ts";
import { cacheFolder, withLock } from "#scripts/cache.ts";

const run = promisify(execFile);

interface Package {
  readonly name: string;
  readonly version: string;
  /** Of the archive, in base64. */
  readonly sha512: string;
  /** What is kept of it; the last one says that all is there. */
  readonly kept: readonly string[];
}

/** 126 MB of artefacts surround its 1 MB of sources: fetched when it is measured, not with every `npm ci`. */
const OPTIMISM: Package = {
  name: "@eth-optimism/contracts-bedrock",
  version: "0.17.3",
  sha512: "cHPO7ntWeOBDLO7ZFFSZGI1D7CDqf4loRbRVJrFIsqLEz+hysWIqA0e3dv2GnrjVeuYePBfI2NTBEG4uwz9bQQ==",
  kept: ["package/src/libraries", "package/LICENSE"],
};

/** The contracts of NEAR's bridge (MIT). */
const RAINBOW_BRIDGE: Package = {
  name: "rainbow-bridge-sol",
  version: "2.0.0",
  sha512: "JVDPwhCa7N1yNbv3wdfxwws00kwVoSiQYAXbPWcMGtJLf3VEnbtCiDeK7/WfUrwEQ9tgEboOOH+a/A6BBZp3Ew==",
  kept: ["package/nearbridge/dist/Ed25519.full.bin", "package/package.json"],
};

/** Folders that hold a package's content, by its name; all but the first one are downloaded once into the user's cache. */
export const peerSources = {
  "@openzeppelin/contracts": async (): Promise<string> =>
    dirname(fileURLToPath(import.meta.resolve("@openzeppelin/contracts/package.json"))),
  "@eth-optimism/contracts-bedrock": () => download(OPTIMISM),
  "rainbow-bridge-sol": () => download(RAINBOW_BRIDGE),
};

async function download({ name, version, sha512, kept }: Package): Promise<string> {
  const folder = join(cacheFolder(), "peers", `${name.replace(/^.*\//, "")}-${version}`);
  const content = join(folder, "package");
  await mkdir(dirname(folder), { recursive: true });
  await withLock(`${folder}.lock`, console.error, async () => {
    const isThere = await access(join(folder, kept.at(-1) ?? "")).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await run("npm", ["pack", `${name}@${version}`, "--pack-destination", folder], { cwd: folder }).catch(() => {
      throw new CausewayError("INVALID_ARGUMENT", `${name} cannot be downloaded from npm now`);
    });
    const archive = join(folder, (await readdir(folder)).find((file) => file.endsWith(".tgz")) ?? "");
    const hash = createHash("sha512")
      .update(await readFile(archive))
      .digest("base64");
    if (hash !== sha512)
      throw new CausewayError("INVALID_ARGUMENT", `${name} has the hash ${hash}, not the one expected`);
    for (const path of kept) await run("tar", ["-xzf", archive, "-C", folder, path]);
    await rm(archive);
  });
  return content;
}
