// `npm run sdk`: the SDK as a tarball that `npm install <file>` takes, under .causeway/sdk/.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildPackage } from "./sdk/build-package.ts";
import { root } from "./steps/step.ts";

const target = join(root, ".causeway/sdk");
const folder = join(target, "package");
await buildPackage(folder);
const packed = spawnSync("npm", ["pack", "--silent", "--pack-destination", target], { cwd: folder, encoding: "utf8" });
if (packed.status === 0) console.log(join(target, packed.stdout.trim()));
else console.error(packed.stderr);
process.exitCode = packed.status === 0 ? 0 : 1;
